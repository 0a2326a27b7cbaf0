//! Names, streets and communes for the ear, from the capitals without accents of the lists.
//!
//! `words` knows how words are written, `name` centres, `street` addresses, `place` communes, `audience` whom a name means.

mod audience;
mod name;
mod place;
mod street;
mod words;

pub(super) use audience::audience;
pub(super) use name::{Said, name};
pub(super) use place::place;
pub(super) use street::{Street, street};

#[cfg(test)]
mod tests;
