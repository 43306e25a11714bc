//! Values that are ready to be asked of many times, made without copies.
//!
//! A loop gives its variable a copy of each item. An item that is a map of ten texts would be copied
//! with all of them; here its copy is one more owner of the same map.

use std::collections::HashMap;
use std::sync::Arc;

use cel::common::traits::{Container, Indexer, Iterable, Sizer, Zeroer};
use cel::common::types::{CelList, CelMap, CelMapKey, Type};
use cel::common::value::{Builtin, BuiltinRef, CowVal, Val};
use cel::{ExecutionError, Value};

/// Makes a value ready; nothing for one of a sort that expressions can not hold.
pub(crate) fn ready(value: Value) -> Option<Box<dyn Val>> {
    match value {
        Value::List(items) => {
            let items = Arc::unwrap_or_clone(items)
                .into_iter()
                .map(|item| match item {
                    Value::Map(map) => {
                        let map = ready_map(Arc::unwrap_or_clone(map.map))?;
                        Some(Box::new(SharedMap(Arc::new(map))) as Box<dyn Val>)
                    }
                    other => ready(other),
                });
            let items: Vec<Box<dyn Val>> = items.collect::<Option<_>>()?;
            Some(Box::new(CelList::from(items)))
        }
        Value::Map(map) => Some(Box::new(ready_map(Arc::unwrap_or_clone(map.map))?)),
        other => other.try_into().ok(),
    }
}

fn ready_map(map: HashMap<cel::objects::Key, Value>) -> Option<CelMap<'static>> {
    let entries = map.into_iter();
    let entries = entries.map(|(key, value)| Some((CelMapKey::from(key), ready(value)?)));
    let entries: HashMap<CelMapKey<'static>, Box<dyn Val>> = entries.collect::<Option<_>>()?;
    Some(CelMap::from(entries))
}

/// A map with several owners. Whatever is asked of it is asked of the map.
#[derive(Debug)]
struct SharedMap(Arc<CelMap<'static>>);

impl Val for SharedMap {
    fn get_type(&self) -> &Type {
        self.0.get_type()
    }

    fn cel_type() -> &'static Type {
        <CelMap<'static> as Val>::cel_type()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        self.0.as_container()
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        self.0.as_iterable()
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        self.0.as_sizer()
    }

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
        self.0.as_zeroer()
    }

    fn equals(&self, other: &dyn Val) -> bool {
        self.0.equals(other)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(Self(Arc::clone(&self.0)))
    }

    // The language's own code takes it for the map that it is: in comparisons, and where a result
    // becomes a value again.
    fn as_builtin<'b, 'v>(&'b self) -> BuiltinRef<'b, 'v>
    where
        Self: 'v,
    {
        BuiltinRef::Map(&self.0)
    }

    fn into_builtin<'v>(self: Box<Self>) -> Option<Builtin<'v>>
    where
        Self: 'v,
    {
        Some(Builtin::Map(Arc::unwrap_or_clone(self.0)))
    }
}

impl Indexer for SharedMap {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Indexer::get(&*self.0, key)
    }

    /// A copy: the others who own the map keep the value.
    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Indexer::get(&*self.0, key).map(CowVal::into_owned)
    }
}
