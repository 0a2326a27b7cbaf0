//! The voices that Plivo lists: Amazon's, with `Polly.` before the name. A language that is not here needs recordings.
//!
//! It lists 27 languages; those of callers in France that are not among them: Ukrainian, Tamil, Bengali, Pashto, Dari,
//! Somali, Tigrinya, Lingala, Wolof, Bambara.

use crate::provider::capabilities::Voice;

/// By the language's code.
pub(super) const VOICES: &[(&str, Voice)] = &[
    ("fr", Voice::new("fr-FR", "Polly.Lea")),
    ("en", Voice::new("en-GB", "Polly.Amy")),
    ("ar", Voice::new("arb", "Polly.Zeina")),
    ("es", Voice::new("es-ES", "Polly.Lucia")),
    ("pt", Voice::new("pt-PT", "Polly.Ines")),
    ("ro", Voice::new("ro-RO", "Polly.Carmen")),
    ("ru", Voice::new("ru-RU", "Polly.Tatyana")),
    ("tr", Voice::new("tr-TR", "Polly.Filiz")),
    ("zh", Voice::new("cmn-CN", "Polly.Zhiyu")),
];
