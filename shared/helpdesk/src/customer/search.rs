//! Finding records by what somebody types into one box.
//!
//! Exact values are found through lookup journals at any number of records: an e-mail address, a phone, a NIP, the value of
//! a text field. A part of a name is looked for among the records that were changed last, which is a fixed number of reads.

use super::list::{self, Summary};
use super::lookup::{self, Key};
use super::{read, standing_for};
use crate::desk;
use futures::future::{join_all, try_join3};
use mostek_domain::{CompanyId, CustomerId, EmailAddress, Nip, PhoneNumber};
use mostek_ports::{StoreError, World};

/// Records found by exact values at most.
const EXACT: usize = 30;
/// Records whose names are looked through.
pub const RECENT: usize = 300;
/// Records found by their name at most.
const BY_NAME: usize = 30;
/// Text fields that are looked into.
const FIELDS: usize = 50;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Records with exactly this value, and by what.
    pub exact: Vec<(Key, Summary)>,
    /// Records among those changed last whose name has the words.
    pub by_name: Vec<Summary>,
}

/// Looks for a text.
///
/// # Errors
/// The store's.
pub async fn search<W: World>(world: &W, company: CompanyId, text: &str) -> Result<Found, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Found::default());
    }
    let desk = desk::read(world, company).await?.state;
    let mut keys: Vec<Key> = Vec::new();
    keys.extend(EmailAddress::parse(text).ok().map(Key::Email));
    keys.extend(PhoneNumber::parse(text).ok().map(Key::Phone));
    keys.extend(Nip::parse(text).ok().map(Key::Nip));
    let fields = desk.fields.iter().filter(|f| f.kind.is_text()).take(FIELDS);
    keys.extend(fields.map(|f| Key::Field { field: f.id, value: text.to_owned() }));
    let id = CustomerId::parse(text).ok();
    let (found, recent, by_id) = try_join3(
        lookup::holders_of_any(world, company, &keys, EXACT),
        list::rows(world, company, None, RECENT),
        async {
            match id {
                Some(id) => read(world, id).await.map(|r| Some((id, r.state))),
                None => Ok(None),
            }
        },
    )
    .await?;
    let records = join_all(found.iter().map(|(_, id)| standing_for(world, *id))).await;
    let mut all = Found::default();
    for ((key, _), record) in found.into_iter().zip(records) {
        let (id, record) = record?;
        let record = record.state;
        if let Some(details) = record.details.as_ref().filter(|_| record.company == Some(company))
            && !all.exact.iter().any(|(_, s)| s.id == id)
        {
            all.exact.push((key, Summary::of(id, details, record.changed_at)));
        }
    }
    let words: Vec<String> = text.split_whitespace().map(folded).collect();
    let mut by_name: Vec<Summary> = recent
        .customers
        .into_iter()
        .filter(|s| {
            let name = folded(&s.name);
            let starts = |w: &String| name.split_whitespace().any(|part| part.starts_with(w.as_str()));
            // A record that a shop's event added long ago may not be found by its address otherwise.
            let is_address = s.email.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(text));
            is_address || words.iter().all(starts)
        })
        .collect();
    if let Some((id, record)) = by_id
        && let Some(details) = record.details.filter(|_| record.company == Some(company))
    {
        by_name.insert(0, Summary::of(id, &details, record.changed_at));
    }
    by_name.retain(|s| !all.exact.iter().any(|(_, e)| e.id == s.id));
    by_name.truncate(BY_NAME);
    all.by_name = by_name;
    Ok(all)
}

/// In lower case and without Polish marks, so that `zolc` finds `Żółć`.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn names_are_found_without_polish_marks() {
        assert_eq!(folded("ŻÓŁĆ Gęślą"), "zolc gesla");
    }
}
