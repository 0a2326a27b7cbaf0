//! Centres that do not exist, as many as are asked for, always the same: spread over the communes as people are. For tests
//! and the bench, which both give the names that are used here.

use super::{Audience, Centre, CentreKind, CommuneRef, Lookup, More, Point, PostalCodes};

/// `count` invented centres. Some have no place of their own, some only their city's number, as in the national list.
pub(super) fn centres(count: usize) -> Vec<Centre> {
    let table = PostalCodes::shipped();
    let known = |code: String| match table.get(&code) {
        Lookup::Known(communes) => communes.into_iter().map(|commune| (code.clone(), commune)).collect(),
        Lookup::Unknown { .. } => Vec::new(),
    };
    let communes: Vec<(String, CommuneRef<'_>)> = table.codes().flat_map(known).collect();
    let people: Vec<u64> = communes
        .iter()
        .scan(0, |sum, (_, commune)| {
            *sum += u64::from(commune.hundreds);
            Some(*sum)
        })
        .collect();
    let mut seed = 42_u64;
    let mut dice = |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let all = people.last().copied().unwrap_or(1);
    (0..count)
        .map(|n| {
            let person = dice(all);
            let at = people.partition_point(|sum| *sum <= person);
            let (code, commune) = &communes[at];
            let beside = |degrees: f64, dice: u64| degrees + (dice as f64 - 30.0) / 1_000.0;
            let point = Point {
                latitude: beside(commune.point.latitude, dice(60)),
                longitude: beside(commune.point.longitude, dice(60)),
            };
            let (kind, audience) = (dice(20), dice(20));
            Centre {
                finess: format!("{:09}", (n as u64 * 7_919 + 1) % 1_000_000_000).parse().unwrap(),
                kind: match kind {
                    0 => CentreKind::Csapa,
                    1 | 2 => CentreKind::Cmpp,
                    _ => CentreKind::Cmp,
                },
                audience: match audience {
                    0..9 => Audience::Adults,
                    9..16 => Audience::Children,
                    _ => Audience::Unknown,
                },
                name: format!("Centre inventé {n}"),
                street: None,
                commune: commune.name.to_owned(),
                insee: commune.insee.to_owned(),
                postal_code: code.clone(),
                department: commune.department.to_owned(),
                point: (dice(8) > 0).then_some(point),
                telephone: None,
                switchboard: None,
                more: More::default(),
            }
        })
        .collect()
}
