//! What a provider can: the star key, short numbers.

use super::*;

#[test]
fn t6_the_star_key_is_promised_where_the_line_and_the_provider_let_it_leave() {
    let world = world("third, fourth");
    for star in [false, true] {
        let mut caller = Caller::new(&world, NOON);
        caller.now.can.star = star;
        caller.press('4');
        assert!(!caller.press('1').contains("étoile"));
        assert!(!caller.dial().star_leaves);
        let said = caller.ended(DialOutcome::Busy);
        assert_eq!(said.ends_with("Pendant l'appel, la touche étoile vous ramène ici."), star, "{said}");
        assert_eq!(caller.dial().star_leaves, star);
    }
}

#[test]
fn a_short_number_is_called_where_the_provider_can_and_said_where_it_can_not() {
    const BY_YOURSELF: &str =
        "Nous ne pouvons pas appeler le 3919 pour vous. Appelez ce numéro vous-même : 3919. 3919.";
    let world = world("short, third");
    let mut caller = Caller::new(&world, NOON);
    caller.now.can.short_numbers = true;
    caller.press('4');
    let said = caller.press('1');
    assert!(said.contains("Nous appelons le 3919."), "{said}");
    assert_eq!(caller.dial().targets[0].to, Address::Short("3919".into()), "no country code is put before it");

    let (mut caller, said) = Caller::listener(&world, NOON);
    let (number, next) = (said.find(BY_YOURSELF), said.find("Nous appelons La troisième."));
    assert!(number.is_some() && number < next, "{said}");
    assert_eq!(caller.rings(), "14");

    let (_, said) = Caller::listener(&world, NOON + 8 * HOUR);
    assert!(
        said.contains("Elle ouvre demain") && !said.contains(BY_YOURSELF),
        "closed is closed for everybody: {said}"
    );

    let alone = self::world("by_day, short");
    let (_, said) = Caller::listener(&alone, NOON - 3 * HOUR - 15);
    assert!(said.contains(BY_YOURSELF) && said.contains("Elle ouvre aujourd'hui") && said.contains(NUMBERS), "{said}");
}

#[test]
fn a_line_with_a_short_number_is_walked_through_every_kind_of_provider() {
    let world = small("short");
    let walk = walk(&world);
    assert_eq!(walk.findings, []);
    let able = world.moments().iter().filter(|now| now.can.short_numbers).count();
    assert!(able > 0 && able < world.moments().len());
}
