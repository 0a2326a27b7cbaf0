//! What an operator enters in a provider's console, as data: which secret, which field, which URL, which method.
//!
//! Field names are those of the consoles as far as their manuals tell; consoles change, and the meaning stays. Time-outs and
//! retries stand in the fragment of a URL, where the provider reads them there.

/// The console of one provider.
#[derive(Debug)]
pub struct Console {
    /// The provider's name in paths and settings.
    pub name: &'static str,
    /// Its name as people write it.
    pub title: &'static str,
    /// The setting of its secret, without `providers.NAME.`.
    pub secret: &'static str,
    /// What that is, and where it stands.
    pub secret_from: &'static str,
    /// Where the fields below stand.
    pub place: &'static str,
    /// The fields that lead to us.
    pub fields: &'static [Field],
    /// Where the fallback document goes; a sentence each.
    pub fallback: &'static [&'static str],
    /// What else must be known; a sentence each.
    pub notes: &'static [&'static str],
}

/// A field whose value is a URL of ours, always with the method POST.
#[derive(Debug)]
pub struct Field {
    /// The field, as the console names it.
    pub label: &'static str,
    /// The path behind the provider's name: `voice` or `status`.
    pub path: &'static str,
    /// Time-outs and retries, with their `#`; empty where the provider reads none.
    pub fragment: &'static str,
}

const fn field(label: &'static str, path: &'static str, fragment: &'static str) -> Field {
    Field { label, path, fragment }
}

/// That nobody documents whether a fragment is signed.
const FRAGMENT: &str = "what stands behind # tells how long to wait and how often to ask again; it is not sent to us. If calls are refused \
     (403) although the secret is right, take it away";

impl Console {
    /// The console of the provider that has this name.
    pub fn of(name: &str) -> Option<&'static Console> {
        ALL.iter().find(|console| console.name == name)
    }
}

static ALL: [Console; 5] = [
    Console {
        name: "twilio",
        title: "Twilio",
        secret: "auth_token",
        secret_from: "the primary auth token of the account, on the first page of the console",
        place: "Phone Numbers > Manage > Active numbers > your number > Voice Configuration",
        fields: &[
            field("A call comes in: Webhook", "voice", "#rc=2&rp=ct,rt,5xx&rt=5000"),
            field("Call status changes", "status", "#rc=2&rp=ct,rt,5xx&rt=5000"),
        ],
        fallback: &[
            "Make a TwiML Bin in the console, and put the whole of twilio.xml into it.",
            "At the number, under Voice Configuration: Primary handler fails > TwiML Bin > that one.",
            "Or put twilio.xml on any static host; then: Primary handler fails > Webhook, its https URL, HTTP GET (static \
             hosts refuse POST). It must be served as text/xml or application/xml.",
        ],
        notes: &[FRAGMENT, "without a retry Twilio waits 15 s, in which callers hear nothing"],
    },
    Console {
        name: "signalwire",
        title: "SignalWire",
        secret: "signing_key",
        secret_from: "the signing key of the project, under API Credentials",
        place: "Phone Numbers > your number > Edit Settings > Voice: handle calls using a cXML webhook",
        fields: &[
            field("When a call comes in", "voice", "#ot=5000&rt=10000"),
            field("Status change webhook", "status", "#ot=5000&rt=10000"),
        ],
        fallback: &[
            "Make a cXML script (once called LaML Bin) in the console, and put the whole of signalwire.xml into it.",
            "At the number: Use fallback URL > the URL of that script.",
            "Or put signalwire.xml on any static host; then its https URL, method GET (static hosts refuse POST). It must \
             be served as text/xml or application/xml.",
        ],
        notes: &[
            FRAGMENT,
            "SignalWire never asks a second time: what fails goes to the fallback URL at once, or ends the call",
        ],
    },
    Console {
        name: "telnyx",
        title: "Telnyx",
        secret: "public_key",
        secret_from: "the public key of the account, under Keys & Credentials",
        place: "Voice > Programmable Voice > TeXML Applications > your application; assign the number to it",
        fields: &[
            field("Voice URL: send a TeXML webhook to the URL", "voice", ""),
            field("Status callback URL", "status", ""),
        ],
        fallback: &[
            "Make a TeXML Bin in the portal, and put the whole of telnyx.xml into it.",
            "In the TeXML application: Failover URL > the URL of that bin.",
            "Or put telnyx.xml on a host that answers GET and POST: which of them Telnyx sends there is that of the \
             voice URL, as far as we know.",
        ],
        notes: &[
            "set the method POST by hand: GET is the default here, and what comes by GET can't be believed",
            "the clock of the machine must be right to 5 minutes, else every call is refused",
            "Telnyx reads no time-outs in URLs; it asks again by itself",
        ],
    },
    Console {
        name: "somleng",
        title: "Somleng",
        secret: "auth_token",
        secret_from: "the auth token of the account",
        place: "Phone Numbers > your number > Configuration",
        fields: &[field("Voice URL", "voice", ""), field("Status callback URL", "status", "")],
        fallback: &[
            "Somleng documents no fallback URL: when the server can't be reached, the call ends.",
            "Serve somleng.xml from the reverse proxy in front of the server, for every answer of /somleng/voice that is \
             502, 503 or 504: Somleng performs it. It must be served as text/xml, to POST as well as to GET. \
             deploy/proxy/nginx.conf and deploy/proxy/Caddyfile hold the lines for it, which begin with #~.",
        ],
        notes: &["Somleng reads no time-outs in URLs and never asks a second time"],
    },
    Console {
        name: "plivo",
        title: "Plivo",
        secret: "auth_token",
        secret_from: "the auth token of the account, on the first page of the console",
        place: "Voice > Applications > XML > your application; assign the number to it",
        fields: &[
            field("Primary Answer URL", "voice", "#rc=2&rp=ct,rt,5xx&ct=5000&rt=5000"),
            field("Hangup URL", "status", "#rc=2&rp=ct,rt,5xx&ct=5000&rt=5000"),
        ],
        fallback: &[
            "Put plivo.xml on any static host, served as text/xml or application/xml.",
            "In the application: Fallback Answer URL, its https URL, method GET (static hosts refuse POST).",
        ],
        notes: &[FRAGMENT],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::capabilities;

    #[test]
    fn every_provider_that_is_spoken_to_has_its_console() {
        for capabilities in capabilities::ALL {
            let console = Console::of(capabilities.name).unwrap();
            assert_eq!(console.fields.iter().map(|field| field.path).collect::<Vec<_>>(), ["voice", "status"]);
            assert!(!console.fallback.is_empty(), "{}", console.name);
            for field in console.fields {
                assert!(field.fragment.is_empty() || field.fragment.starts_with('#'), "{}", field.fragment);
            }
        }
    }
}
