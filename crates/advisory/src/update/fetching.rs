//! Fetching single records, several at once: each is a request, and most of its time is waiting.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::feeds::{FeedLimits, RawRecord};
use crate::import::ImportError;
use crate::reading::single;
use crate::{Bucket, FeedError};

/// How many records are fetched at once.
const FETCHERS: usize = 8;

/// Fetches the records at these places, a folder and an id each. Those that are gone are left out.
pub(super) fn fetch(
    bucket: &dyn Bucket,
    places: &[(&str, &str)],
) -> Result<Vec<RawRecord>, ImportError> {
    let limits = FeedLimits::default();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<RawRecord, FeedError>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..FETCHERS.min(places.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((folder, id)) = places.get(place) else {
                        return;
                    };
                    let path = format!("{folder}/{id}.json");
                    let result = single(bucket, &path, limits);
                    let failed = !matches!(result, Ok(_) | Err(FeedError::Missing { .. }));
                    if let Ok(mut results) = results.lock() {
                        results.push((place, result));
                    }
                    if failed {
                        next.store(places.len(), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(place, _)| *place);
    let mut records = Vec::with_capacity(results.len());
    for (_, result) in results {
        match result {
            Ok(record) => records.push(record),
            Err(FeedError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(records)
}
