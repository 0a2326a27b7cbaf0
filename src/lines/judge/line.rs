//! One line of `lines.yaml`.

use super::{Finder, number};
use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::Name,
    lines::{Line, Text, only_digits},
};
use std::sync::Arc;

/// What is wrong with the line called `name`.
pub(in crate::lines) fn line(name: &Name, line: &Line, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
    let mut finder = Finder { file, found: Vec::new() };
    finder.times(&line.written_times());
    finder.empty_words(name, line.name.values().chain(line.for_whom.values()));
    finder.announced(line);
    finder.called(name, line);
    finder.text(name, line);
    finder.ring(line.ring_seconds.as_ref());
    if let Some(capacity) = line.capacity.as_ref().filter(|capacity| ***capacity == 0) {
        finder.error(
            "wrong-value",
            "a line that takes no call is never called",
            capacity.place(file),
            "write how many calls it takes at once, or remove it where that is not known",
        );
    }
    finder.printed(name, line);
    finder.found
}

impl Finder<'_> {
    fn announced(&mut self, line: &Line) {
        let place = line.announce.place(self.file);
        let digits = only_digits(&line.announce);
        if digits.is_empty() || !line.announce.chars().all(|c| c.is_ascii_digit() || c == ' ') {
            self.error(
                "not-a-number",
                format!("`{}` is not a number to announce", *line.announce),
                place,
                "write its digits in groups, in quotation marks, as in \"09 72 39 40 50\"",
            );
        } else if let Some(wrong @ number::Wrong::Premium) = number::dialled(&digits) {
            self.number(Some(wrong), place);
        }
    }

    /// The ways to call it: one at most, none in an emergency.
    fn called(&mut self, name: &Name, line: &Line) {
        let mut ways: Vec<(&str, Place, Option<number::Wrong>)> = Vec::new();
        if let Some(dial) = &line.dial {
            ways.push(("dial", dial.place(self.file), number::international(dial.as_str())));
        }
        if let Some(sip) = &line.sip {
            let user = sip_user(sip);
            if user.is_none() {
                self.error(
                    "not-an-address",
                    format!("`{}` is no SIP address", **sip),
                    sip.place(self.file),
                    "write it as in sip:ecoute@example.org",
                );
            }
            ways.push(("sip", sip.place(self.file), user.and_then(number::sip_user)));
        }
        if let Some(short) = &line.dial_short {
            let is_short = (3..=6).contains(&short.len()) && short.bytes().all(|c| c.is_ascii_digit());
            let wrong = number::dialled(short);
            if !is_short && wrong.is_none() {
                self.error(
                    "not-a-number",
                    format!("`{}` is no short number", **short),
                    short.place(self.file),
                    "write its three to six digits without blanks, as in \"3919\"; a long number stands under `dial`",
                );
            }
            ways.push(("dial_short", short.place(self.file), wrong));
        }
        if let Some((way, _, _)) = ways.first()
            && line.speaks.is_empty()
            && !line.is_emergency()
        {
            let first = *way;
            let warning =
                Diagnostic::warning("no-speaks", format!("it is not known what is spoken at `{}`", **name))
                    .at(name.place(self.file))
                    .help(format!(
                        "it is called by `{first}`: write `speaks: [fr]`, so that those who speak another language are told before"
                    ));
            self.found.push(warning);
        }
        ways.sort_by_key(|(_, place, _)| place.span.start);
        for (at, (way, place, wrong)) in ways.into_iter().enumerate() {
            if line.is_emergency() {
                self.error(
                    "emergency-dialled",
                    format!("`{}` is an emergency number: it can't be dialled for the caller", **name),
                    place,
                    format!("remove `{way}`: emergency calls are routed by where the calling telephone is, and ours is elsewhere"),
                );
                continue;
            }
            self.number(wrong, place.clone());
            if at > 0 {
                self.error(
                    "two-addresses",
                    format!("`{}` can be called in two ways", **name),
                    place,
                    "keep one of `dial`, `sip` and `dial_short`",
                );
            }
        }
    }

    fn text(&mut self, name: &Name, line: &Line) {
        let Some(text) = &line.text else { return };
        let Text::Words(words) = &**text else { return };
        self.empty_words(name, words.values());
        if let Some(lang) = line.name.keys().find(|lang| !words.contains_key(lang)) {
            let message = format!("the line `{}` has no `text` in `{lang}`", **name);
            self.error("missing-translation", message, text.place(self.file), format!("write it behind `{lang}:`"));
        }
    }

    /// Paper is not called back.
    fn printed(&mut self, name: &Name, line: &Line) {
        if !line.leaflet {
            return;
        }
        if !line.verified {
            let message = format!("nobody has verified `{}`: it can't be printed", **name);
            let help = "dial it, write the day of it under `source`, and remove `verified: false`; or remove `leaflet`";
            self.error("unverified-line", message, name.place(self.file), help);
        }
        if line.source.is_none() {
            let message = format!("`{}` is printed, and nobody knows where its number was read", **name);
            self.error(
                "missing-field",
                message,
                name.place(self.file),
                "add a line `source:` with the page that says it",
            );
        }
    }
}

/// The name before the @ of a SIP address; `None` where it is no address.
fn sip_user(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"))?;
    let (user, host) = rest.split_once('@')?;
    let (host, port) = host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
    let signs = |text: &str, others: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    let right = signs(user, "+-._~()")
        && signs(host, "-.")
        && !host.starts_with(['.', '-'])
        && !host.ends_with(['.', '-'])
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    right.then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sip_address_has_a_name_and_a_host() {
        for right in ["sip:ecoute@example.org", "sips:a.b@[", "sip:+33972394050@trunk.example.org:5061"] {
            assert_eq!(sip_user(right).is_some(), !right.contains('['), "{right}");
        }
        for wrong in
            ["ecoute@example.org", "sip:ecoute", "sip:@example.org", "sip:a b@example.org", "sip:a@b:0", "sip:a@b@c"]
        {
            assert_eq!(sip_user(wrong), None, "{wrong}");
        }
    }
}
