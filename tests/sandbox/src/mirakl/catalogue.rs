//! Products, people and parcels from which orders are made. All of it is invented; streets and cities exist.

use super::model::{Customer, Line, Order, Shipping};
use crate::random::Random;

/// A product a shop sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// A short name by which the demonstration data refers to it.
    pub key: &'static str,
    /// An EAN.
    pub sku: &'static str,
    /// Its name as the marketplace shows it.
    pub title: &'static str,
    /// Name of its category.
    pub category: &'static str,
    /// In grosze.
    pub price: i64,
}

const fn product(
    key: &'static str,
    sku: &'static str,
    title: &'static str,
    category: &'static str,
    price: i64,
) -> Product {
    Product { key, sku, title, category, price }
}

/// What the bookshop (2000) sells.
pub const BOOKSHOP: &[Product] = &[
    product("wyspa", "9788300000014", "Wyspa za mgłą. Tom 1 (oprawa twarda)", "Fantastyka", 5_499),
    product("wyspa2", "9788300000021", "Wyspa za mgłą. Tom 2 (oprawa twarda)", "Fantastyka", 5_799),
    product("wyspa3", "9788300000038", "Wyspa za mgłą. Tom 3 (oprawa twarda)", "Fantastyka", 5_999),
    product(
        "kuchnia",
        "9788300000045",
        "Kuchnia babci Heleny. 120 przepisów na niedzielę",
        "Kulinaria",
        6_490,
    ),
    product(
        "tatry",
        "9788300000052",
        "Tatry bez pośpiechu. Przewodnik na 30 wycieczek",
        "Przewodniki",
        4_950,
    ),
    product(
        "mapa",
        "9788300000069",
        "Bieszczady. Mapa turystyczna 1:50 000, foliowana",
        "Mapy i atlasy",
        2_490,
    ),
    product("matma", "9788300000076", "Matematyka na szóstkę. Klasa 7, zeszyt ćwiczeń", "Podręczniki", 3_290),
    product(
        "matura",
        "9788300000083",
        "Matura 2027. Język polski, arkusze z odpowiedziami",
        "Podręczniki",
        3_990,
    ),
    product("niemiecki", "9788300000090", "Niemiecki w 90 dni. Książka z nagraniami", "Języki obce", 5_990),
    product("kryminal", "9788300000106", "Śledztwo przy Kanonii", "Kryminał", 4_490),
    product(
        "audiobook",
        "9788300000113",
        "Śledztwo przy Kanonii (audiobook, płyta CD MP3)",
        "Audiobooki",
        3_999,
    ),
    product("bajki", "9788300000120", "Bajki z Zielonego Strychu, wydanie ilustrowane", "Dla dzieci", 4_999),
    product("kolorowanka", "9788300000137", "Wielka kolorowanka: zwierzęta leśne", "Dla dzieci", 1_990),
    product("komiks", "9788300000144", "Kapitan Śruba. Komiks, zeszyt 4", "Komiksy", 2_999),
    product("ogrod", "9788300000151", "Ogród w donicy. Balkon przez cztery pory roku", "Poradniki", 5_290),
    product(
        "historia",
        "9788300000168",
        "Miasto nad rzeką. Historia w fotografiach 1918-1989",
        "Historia",
        8_990,
    ),
    product("kalendarz", "5900000000174", "Kalendarz książkowy 2027 A5, granatowy", "Kalendarze", 3_499),
    product("planer", "5900000000181", "Planer tygodniowy ścienny 2027", "Kalendarze", 2_799),
    product(
        "pioro",
        "5900000000198",
        "Pióro wieczne Lipa Klasyk, stalówka M, czarne",
        "Artykuły piśmiennicze",
        15_900,
    ),
    product(
        "kredki",
        "5900000000204",
        "Kredki ołówkowe 36 kolorów w metalowym pudełku",
        "Artykuły plastyczne",
        5_490,
    ),
    product("farby", "5900000000211", "Farby akwarelowe 24 kolory z pędzlem", "Artykuły plastyczne", 4_290),
    product(
        "zeszyty",
        "5900000000228",
        "Zeszyt A5 60 kartek w kratkę, komplet 10 sztuk",
        "Artykuły szkolne",
        3_190,
    ),
    product("plecak", "5900000000235", "Plecak szkolny Leśny Szlak 25 l, zielony", "Plecaki", 18_900),
    product("koszulka", "5900000000242", "Koszulka „Czytam dalej”, bawełna, rozmiar M", "Odzież", 7_900),
    product(
        "bluza",
        "5900000000259",
        "Bluza z kapturem „Jeszcze jeden rozdział”, rozmiar L",
        "Odzież",
        15_900,
    ),
    product("skarpetki", "5900000000266", "Skarpetki w sowy, rozmiar 36-40", "Odzież", 2_490),
    product("puzzle", "5900000000273", "Puzzle 1000 elementów: Rynek zimą", "Gry i puzzle", 5_999),
    product("gra", "5900000000280", "Gra planszowa „Szlak bursztynu”, 2-5 graczy", "Gry i puzzle", 16_990),
    product(
        "kubek",
        "5900000000297",
        "Kubek ceramiczny „Najpierw kawa, potem rozdział” 330 ml",
        "Prezenty",
        4_490,
    ),
    product(
        "lampka",
        "5900000000303",
        "Lampka do czytania LED z klipsem, ładowana przez USB-C",
        "Prezenty",
        6_990,
    ),
    product("zakladki", "5900000000310", "Zakładki magnetyczne, zestaw 6 sztuk", "Prezenty", 1_890),
    product(
        "czytnik",
        "5900000000327",
        "Etui do czytnika 6 cali, filcowe, szare",
        "Akcesoria do czytników",
        8_990,
    ),
    product("globus", "5900000000334", "Globus podświetlany 25 cm", "Pomoce naukowe", 14_900),
    product("klocki", "5900000000341", "Klocki drewniane alfabet, 48 elementów", "Zabawki", 9_990),
];

/// What the home shop (2001) sells.
pub const HOME_SHOP: &[Product] = &[
    product("lampa", "5900000001010", "Lampa stołowa Iskra, abażur lniany, 45 cm", "Oświetlenie", 18_900),
    product("zarowka", "5900000001027", "Żarówka LED E27 8 W barwa ciepła, 4 sztuki", "Oświetlenie", 3_990),
    product("poduszka", "5900000001034", "Poduszka dekoracyjna 45 × 45 cm, musztardowa", "Tekstylia", 4_990),
    product("koc", "5900000001041", "Koc wełniany Tatra 150 × 200 cm", "Tekstylia", 21_900),
    product("garnek", "5900000001058", "Garnek żeliwny 4 l z pokrywą, czerwony", "Kuchnia", 32_900),
    product("noz", "5900000001065", "Nóż szefa kuchni 20 cm", "Kuchnia", 14_900),
];

/// The products of a shop.
pub fn products(shop_id: i64) -> &'static [Product] {
    if shop_id == 2001 { HOME_SHOP } else { BOOKSHOP }
}

/// A product by its short name.
pub fn by_key(key: &str) -> Option<&'static Product> {
    BOOKSHOP.iter().chain(HOME_SHOP).find(|product| product.key == key)
}

const FIRST_NAMES: &[(&str, &str)] = &[
    ("Anna", "Mrs"),
    ("Katarzyna", "Mrs"),
    ("Agnieszka", "Mrs"),
    ("Małgorzata", "Mrs"),
    ("Zofia", "Miss"),
    ("Łucja", "Miss"),
    ("Piotr", "Mr"),
    ("Krzysztof", "Mr"),
    ("Michał", "Mr"),
    ("Grzegorz", "Mr"),
    ("Józef", "Mr"),
    ("Świętosław", "Mr"),
];

/// Family names that do not change with the sex of the bearer.
const LAST_NAMES: &[&str] = &[
    "Nowak",
    "Wójcik",
    "Kowalczyk",
    "Woźniak",
    "Mazur",
    "Krawczyk",
    "Zając",
    "Król",
    "Wróbel",
    "Dudek",
    "Stępień",
    "Gajda",
    "Ćwik",
    "Łuczak",
    "Śliwa",
    "Żak",
];

const PLACES: &[(&str, &str, &str)] = &[
    ("ul. Długa 12/4", "80-831", "Gdańsk"),
    ("ul. Świętego Marcina 41", "61-806", "Poznań"),
    ("al. Róż 7/15", "31-948", "Kraków"),
    ("ul. Krakowskie Przedmieście 5", "20-002", "Lublin"),
    ("ul. Żwirki i Wigury 18", "87-100", "Toruń"),
    ("ul. Mickiewicza 3", "15-213", "Białystok"),
    ("ul. Łąkowa 22A", "90-562", "Łódź"),
    ("ul. Powstańców Śląskich 101/8", "53-332", "Wrocław"),
    ("ul. Słoneczna 9", "35-061", "Rzeszów"),
    ("Wólka Mała 14", "08-110", "Siedlce"),
];

/// Somebody new, without an id.
pub fn customer(random: &mut Random) -> Customer {
    let (first, civility) = random.pick(FIRST_NAMES).copied().unwrap_or(("Anna", "Mrs"));
    let last = random.pick(LAST_NAMES).copied().unwrap_or("Nowak");
    let (street, zip, city) = random.pick(PLACES).copied().unwrap_or(("ul. Długa 1", "80-831", "Gdańsk"));
    Customer {
        id: String::new(),
        civility: civility.to_owned(),
        firstname: first.to_owned(),
        lastname: last.to_owned(),
        street: street.to_owned(),
        zip: zip.to_owned(),
        city: city.to_owned(),
        locale: "pl_PL".to_owned(),
    }
}

/// A new order of one to four products, without ids.
pub fn order(random: &mut Random, shop_id: i64, created: i64) -> Order {
    let states = ["SHIPPING", "SHIPPED", "SHIPPED", "RECEIVED"];
    let state = random.pick(&states).copied().unwrap_or("SHIPPED");
    let mut chosen: Vec<(&Product, u32)> = Vec::new();
    for _ in 0..=random.below(4) {
        let Some(product) = random.pick(products(shop_id)) else { continue };
        if !chosen.iter().any(|(known, _)| known.key == product.key) {
            chosen.push((product, 1 + random.below(2) as u32));
        }
    }
    let lines = chosen.into_iter().map(|(product, quantity)| line(product, quantity, state)).collect();
    let carrier = random.below(3);
    assembled(shop_id, state, created, lines, shipping(random, carrier, state))
}

/// A line for so many pieces of a product.
pub fn line(product: &Product, quantity: u32, state: &str) -> Line {
    let number: String = product.sku.chars().skip(9).collect();
    Line {
        product_sku: product.sku.to_owned(),
        shop_sku: format!("LIPA-{number}"),
        title: product.title.to_owned(),
        category: product.category.to_owned(),
        quantity,
        unit_price: product.price,
        state: state.to_owned(),
    }
}

/// An order from its parts, without ids.
pub fn assembled(shop_id: i64, state: &str, created: i64, lines: Vec<Line>, shipping: Shipping) -> Order {
    Order {
        id: String::new(),
        commercial_id: String::new(),
        shop_id,
        customer_id: String::new(),
        state: state.to_owned(),
        created,
        updated: created + 26 * 3_600_000,
        lines,
        shipping,
    }
}

/// A parcel with the n-th of three carriers; it has a tracking number once the order is on its way.
pub fn shipping(random: &mut Random, carrier: usize, state: &str) -> Shipping {
    let (code, company, label, price, number, site) = match carrier % 3 {
        0 => (
            "INPOST",
            "InPost",
            "Paczkomat InPost",
            1_299,
            random.digits(24),
            "https://inpost.pl/sledzenie-przesylek?number=",
        ),
        1 => (
            "DPD",
            "DPD",
            "Kurier DPD",
            1_499,
            format!("{}U", random.digits(13)),
            "https://tracktrace.dpd.com.pl/parcelDetails?p1=",
        ),
        _ => (
            "POCZTA_POLSKA",
            "Poczta Polska",
            "Pocztex Kurier 48",
            1_199,
            format!("PX{}", random.digits(10)),
            "https://emonitoring.poczta-polska.pl/?numer=",
        ),
    };
    let sent = matches!(state, "SHIPPED" | "TO_COLLECT" | "RECEIVED" | "CLOSED");
    Shipping {
        carrier_code: code.to_owned(),
        company: company.to_owned(),
        label: label.to_owned(),
        tracking_url: sent.then(|| format!("{site}{number}")),
        tracking: sent.then_some(number),
        price,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn products_are_told_apart_by_key_and_code() {
        let all: Vec<_> = BOOKSHOP.iter().chain(HOME_SHOP).collect();
        assert_eq!(all.iter().map(|p| p.key).collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(all.iter().map(|p| p.sku).collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn an_order_has_one_to_four_different_lines() {
        let mut random = Random::new(11);
        for _ in 0..200 {
            let order = order(&mut random, 2000, 0);
            assert!((1..=4).contains(&order.lines.len()));
            let skus: BTreeSet<_> = order.lines.iter().map(|l| &l.product_sku).collect();
            assert_eq!(skus.len(), order.lines.len());
            assert_eq!(order.shipping.tracking.is_some(), order.state != "SHIPPING");
        }
    }
}
