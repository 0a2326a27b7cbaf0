//! Other forms of the public URL, of which one may be what the server that runs was given: signatures cover it to the letter.

use url::Url;

/// A form of the public URL, and in words how it differs.
pub(super) struct Form {
    pub(super) url: String,
    pub(super) differs: String,
}

/// Every form near `public` in which scheme, port, path or the case of the host differ. `port` is that of the listener.
pub(super) fn near(public: &str, port: u16) -> Vec<Form> {
    let Some((scheme, rest)) = public.split_once("://") else { return Vec::new() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = match (authority.rsplit_once(':'), Url::parse(public).ok().and_then(|url| url.port())) {
        (Some((host, _)), Some(_)) => host,
        // A default port that is written out is no port to `url`.
        (Some((host, digits)), None) if !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    };
    let other = if scheme == "https" { "http" } else { "https" };
    let ports =
        [authority.to_owned(), host.to_owned(), format!("{host}:443"), format!("{host}:80"), format!("{host}:{port}")];
    let mut forms: Vec<Form> = Vec::new();
    for path in [path, ""] {
        for scheme_of in [scheme, other] {
            for authority_of in ports.iter().chain([&authority.to_lowercase()]) {
                let url = format!("{scheme_of}://{authority_of}{path}");
                if url != public && forms.iter().all(|form| form.url != url) {
                    let differs = differs((scheme, scheme_of), (authority, authority_of), (rest, path));
                    forms.push(Form { url, differs });
                }
            }
        }
    }
    forms
}

fn differs(scheme: (&str, &str), authority: (&str, &str), path: (&str, &str)) -> String {
    let mut words = Vec::new();
    if scheme.0 != scheme.1 {
        words.push(format!("the scheme is {} there, and {} here", scheme.1, scheme.0));
    }
    if authority.0 != authority.1 {
        let what = if authority.0.eq_ignore_ascii_case(authority.1) { "host" } else { "port" };
        words.push(format!("the {what} differs: {} there, {} here", authority.1, authority.0));
    }
    if !path.0.ends_with(path.1) || (path.1.is_empty() && path.0.contains('/')) {
        words.push("there is no path there, and one here".to_owned());
    }
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_differ_in_scheme_port_or_path_and_say_in_what() {
        let forms = near("https://Line.example.org:8443/allo", 8080);
        let of = |url: &str| forms.iter().find(|form| form.url == url).map(|form| form.differs.as_str());
        assert_eq!(
            of("https://Line.example.org/allo"),
            Some("the port differs: Line.example.org there, Line.example.org:8443 here")
        );
        assert_eq!(of("http://Line.example.org:8443/allo"), Some("the scheme is http there, and https here"));
        assert_eq!(of("https://line.example.org:8443/allo").unwrap().split(':').next(), Some("the host differs"));
        assert_eq!(of("https://Line.example.org:8443"), Some("there is no path there, and one here"));
        assert!(of("https://Line.example.org:8443/allo").is_none() && forms.len() <= 24);
    }
}
