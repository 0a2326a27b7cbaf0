//! What the simulated telephone complains of.
//!
//! Each sentence is read by whoever writes the server or its flows: it names the URL and, in a document, the line.

/// Why a simulated call can't go on.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The document breaks a rule of TwiML or of XML.
    #[error("document of {url}, line {line}: {message}")]
    Document {
        /// The URL that answered with it.
        url: String,
        /// The line of the document, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The answer is no document at all: another status, another content type, too large.
    #[error("answer of {url}: {message}")]
    Answer {
        /// The URL that gave it.
        url: String,
        /// What is wrong.
        message: String,
    },
    /// The server could not be reached, or broke off.
    #[error("{url}: {message}")]
    Unreachable {
        /// The URL that was asked for.
        url: String,
        /// What happened.
        message: String,
    },
    /// A URL can't be asked for: it is none, or leads elsewhere than to the server that is called.
    #[error("the URL `{url}`: {message}")]
    Url {
        /// The URL as written.
        url: String,
        /// What is wrong.
        message: String,
    },
    /// What the caller was told to do makes no sense now.
    #[error("{0}")]
    Misuse(String),
    /// The call goes round in circles.
    #[error("the call made {0} webhooks without coming to an end: it goes round in circles")]
    TooManyWebhooks(usize),
    /// The wait would last for ever.
    #[error("`loop=\"0\"` repeats a prompt until the caller hangs up: what stands behind it is never reached")]
    Endless,
    /// The transcript could not be printed, or the keys could not be read.
    #[error("the terminal: {0}")]
    Terminal(#[from] std::io::Error),
}
