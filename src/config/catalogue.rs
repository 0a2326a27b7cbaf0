//! Every setting, once: its name, its default or an example, what it means, whether it is secret.
//!
//! The names that are accepted, the example file, the table of the README and `allo-cmp config` are made from this list.
//! Tests hold it to the structs of `settings`: the same names, the same defaults.

mod list;

pub(super) use list::CATALOGUE;

/// Settings that stand together, below one table of the file.
pub(super) struct Section {
    /// The name of the table; empty: above all tables.
    pub(super) table: &'static str,
    /// What it is about, as a headline; empty: the section before goes on.
    pub(super) title: &'static str,
    /// What holds for all of them.
    pub(super) intro: &'static str,
    /// The settings.
    pub(super) settings: &'static [Setting],
}

/// One setting.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// Its name with dots.
    pub(super) name: &'static str,
    /// How it may be given and shown.
    pub(super) sort: Sort,
    /// Its default, or an example, as TOML.
    pub(super) toml: &'static str,
    /// What holds without it; nothing, if `toml` is the default.
    pub(super) without: Option<&'static str>,
    /// What it means. The first sentence stands alone in the README.
    pub(super) meaning: &'static str,
}

/// How a setting may be given and shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Shown as it is.
    Open,
    /// Shown as it is; any language may stand where the list has `fr` or `en`.
    PerLanguage,
    /// A telephone number: of it is only shown that it is given.
    Number,
    /// An address that may hold a password. Shown without it; may come from a file of its own.
    Address,
    /// Of it is only shown that it is given; may come from a file of its own.
    Secret,
    /// The path of a file. Shown as it is; may be a credential of systemd, whose path it then is.
    File,
}

impl Setting {
    /// Whether it may come from a file of its own.
    pub(super) fn may_be_a_file(&self) -> bool {
        matches!(self.sort, Sort::Address | Sort::Secret)
    }

    /// Whether it may be a credential of systemd.
    pub(super) fn may_be_a_credential(&self) -> bool {
        self.may_be_a_file() || self.sort == Sort::File
    }

    const fn sort(self, sort: Sort) -> Setting {
        Setting { sort, ..self }
    }
}

/// All settings, in that order.
pub(super) fn settings() -> impl Iterator<Item = &'static Setting> {
    CATALOGUE.iter().flat_map(|section| section.settings)
}

/// The setting of this name; of a language that is not in the list, the one that is like it.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    let group = |name: &str| name.rsplit_once('.').map(|(group, _)| group.to_owned());
    let like = |setting: &&Setting| setting.sort == Sort::PerLanguage && group(setting.name) == group(name);
    settings().find(|setting| setting.name == name).or_else(|| settings().find(like))
}
