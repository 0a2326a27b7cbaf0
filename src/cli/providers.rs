//! Which dialects are served, with which secrets: from the settings for `serve`, thrown away after use for `call` and `demo`.

use anyhow::{Context, bail};

use crate::{
    config::{Providers, Secret, Serving, Settings},
    http::Provider,
    provider::{
        Capabilities, Dialect,
        plivo::Plivo,
        signalwire::SignalWire,
        somleng::Somleng,
        telnyx::{self, Telnyx},
        twilio::Twilio,
        voices,
    },
};

/// The providers that have their secret and that this version speaks to. Start-up says which are served.
pub(super) fn served(serving: &Serving) -> anyhow::Result<Vec<Provider>> {
    let settings = &serving.providers;
    let mut providers: Vec<Provider> = Vec::new();
    let mut serve = |dialect: Box<dyn Dialect>, caller_id| providers.push(Provider { dialect, caller_id });
    if let Some(token) = &settings.twilio.auth_token {
        let dialect = Twilio::new(token.expose()).with_short_numbers(settings.twilio.can_dial_short_numbers);
        serve(
            Box::new(dialect.with_capabilities(capabilities(settings, "twilio")?)),
            settings.twilio.caller_id.clone(),
        );
    }
    if let Some(token) = &settings.somleng.auth_token {
        let dialect = Somleng::new(token.expose()).with_short_numbers(settings.somleng.can_dial_short_numbers);
        serve(
            Box::new(dialect.with_capabilities(capabilities(settings, "somleng")?)),
            settings.somleng.caller_id.clone(),
        );
    }
    if let Some(token) = &settings.plivo.auth_token {
        let dialect = Plivo::new(token.expose()).with_short_numbers(settings.plivo.can_dial_short_numbers);
        serve(Box::new(dialect.with_capabilities(capabilities(settings, "plivo")?)), settings.plivo.caller_id.clone());
    }
    if let Some(key) = &settings.signalwire.signing_key {
        let dialect = SignalWire::new(key.expose()).with_capabilities(capabilities(settings, "signalwire")?);
        serve(Box::new(dialect), settings.signalwire.caller_id.clone());
    }
    if let Some(key) = &settings.telnyx.public_key {
        let dialect = Telnyx::new(key.expose()).context("providers.telnyx.public_key")?;
        serve(
            Box::new(dialect.with_capabilities(capabilities(settings, "telnyx")?)),
            settings.telnyx.caller_id.clone(),
        );
    }
    for name in not_served(settings, &providers) {
        tracing::warn!(provider = name, "not served: this version does not speak its dialect yet");
    }
    if providers.is_empty() {
        bail!(
            "none of the providers in the settings can be served by this version: set providers.twilio.auth_token, \
             or ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN"
        );
    }
    Ok(providers)
}

/// Those that have their secret, and are not served.
pub(super) fn not_served(settings: &Providers, served: &[Provider]) -> Vec<&'static str> {
    let is_served = |name: &&str| served.iter().any(|provider| provider.dialect.name() == *name);
    settings.configured().into_iter().filter(|name| !is_served(name)).collect()
}

/// What a provider can do, with the voices that the settings choose.
pub(super) fn capabilities(settings: &Providers, name: &str) -> anyhow::Result<&'static Capabilities> {
    let own = Capabilities::of(name).with_context(|| format!("this version does not speak the dialect of {name}"))?;
    voices::chosen(own, settings.voices(name).into_iter().flatten()).with_context(|| format!("providers.{name}.voices"))
}

/// Whether the account at that provider is declared able to dial short numbers.
pub(super) fn dials_short_numbers(settings: &Settings, name: &str) -> bool {
    match name {
        "twilio" => settings.providers.twilio.can_dial_short_numbers,
        "somleng" => settings.providers.somleng.can_dial_short_numbers,
        "plivo" => settings.providers.plivo.can_dial_short_numbers,
        _ => false,
    }
}

/// The dialect of that name, trusting whoever signs with `secret` (32 bytes, base64).
pub(super) fn trusting(name: &str, secret: &str, short_numbers: bool) -> anyhow::Result<Box<dyn Dialect>> {
    Ok(match name {
        "twilio" => Box::new(Twilio::new(secret).with_short_numbers(short_numbers)),
        "signalwire" => Box::new(SignalWire::new(secret)),
        "somleng" => Box::new(Somleng::new(secret).with_short_numbers(short_numbers)),
        "plivo" => Box::new(Plivo::new(secret).with_short_numbers(short_numbers)),
        "telnyx" => Box::new(Telnyx::new(&telnyx::public_key(secret))?),
        other => bail!("this version does not speak the dialect of {other}"),
    })
}

/// What webhooks to a server that runs are signed with, as that provider would.
pub(super) fn signing<'s>(settings: &'s Settings, name: &str) -> anyhow::Result<&'s Secret> {
    let providers = &settings.providers;
    let (secret, setting) = match name {
        "signalwire" => (&providers.signalwire.signing_key, "signing_key"),
        "somleng" => (&providers.somleng.auth_token, "auth_token"),
        "plivo" => (&providers.plivo.auth_token, "auth_token"),
        "telnyx" => {
            bail!("only Telnyx itself can sign for Telnyx: leave --url out, and a server is started for this call")
        }
        _ => (&providers.twilio.auth_token, "auth_token"),
    };
    secret.as_ref().with_context(|| {
        format!(
            "to call a server that runs, its secret is needed to sign: set providers.{name}.{setting}, or \
             ALLO_CMP__PROVIDERS__{}__{}",
            name.to_uppercase(),
            setting.to_uppercase()
        )
    })
}
