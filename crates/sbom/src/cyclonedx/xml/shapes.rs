//! Which field of JSON is which element or attribute of XML, in the order that XML wants.
//!
//! A line is the name of a type and its fields:
//!
//! ```text
//! @name         an attribute          @name?        one that is true or false
//! name          an element with text  name?  name#  one that is true or false, or a number
//! name:type     an element of a type
//! name*         as many elements as there are in the array; name*:type
//! name[item]    an element around them: <name><item/><item/></name>; name[item:type]
//! name[item@a]  the same, and the text stands in the attribute `a`; name[item#] for numbers
//! xml=json      the names differ
//! =name         the text of the element itself
//! !name         written and read by code of its own
//! ```

use std::collections::HashMap;
use std::sync::OnceLock;

const TABLE: &str = "
bom @serialNumber @version# metadata:metadata components[component:component] services[service:service] externalReferences[reference:reference] !dependencies compositions[composition:composition] properties[property:property] vulnerabilities[vulnerability:vulnerability] annotations[annotation:annotation]
metadata timestamp lifecycles[lifecycle:lifecycle] !tools authors[author:contact] component:component manufacturer:entity manufacture:entity supplier:entity !licenses properties[property:property] distributionConstraints:constraints
constraints tlp
lifecycle phase name description
entity @bom-ref name address:address url* contact*:contact
address @bom-ref country region locality postOfficeBoxNumber postalCode streetAddress
contact @bom-ref name email phone
tool vendor name version hashes[hash:hash] externalReferences[reference:reference]
toolset components[component:component] services[service:service]
component @type @mime-type @isExternal? @bom-ref supplier:entity manufacturer:entity authors[author:contact] author publisher group name version versionRange description scope hashes[hash:hash] !licenses copyright cpe purl omniborId* swhid* swid:swid modified? pedigree:pedigree externalReferences[reference:reference] properties[property:property] components[component:component] evidence:evidence releaseNotes:releaseNotes tags[tag]
hash @alg =content
swid @tagId @name @version @tagVersion# @patch? text:attachment url
attachment @content-type=contentType @encoding =content
license @bom-ref @acknowledgement id name text:attachment url licensing:licensing properties[property:property]
licensing altIds[altId] licensor:either licensee:either purchaser:either purchaseOrder licenseTypes[licenseType] lastRenewal expiration
either organization:entity individual:contact
details @license-identifier=licenseIdentifier @bom-ref text:attachment url
reference @type url comment hashes[hash:hash] properties[property:property]
property @name =value
pedigree ancestors[component:component] descendants[component:component] variants[component:component] commits[commit:commit] patches[patch:patch] notes
commit uid url author:action committer:action message
action timestamp name email
patch @type diff:diff resolves[issue:issue]
diff text:attachment url
issue @type id name description source:source references[url]
source name url
evidence !identity occurrences[occurrence:occurrence] callstack:callstack !licenses copyright[text>text]
identity field confidence# concludedValue methods[method:method] tools[tool@ref]
method technique confidence# value
occurrence @bom-ref location line# offset# symbol additionalContext
callstack frames[frame:frame]
frame package module function parameters[parameter] line# column# fullFilename
releaseNotes type title featuredImage socialImage description timestamp aliases[alias] tags[tag] resolves[issue:issue] notes[note:note] properties[property:property]
note locale text:attachment
service @bom-ref provider:entity group name version description endpoints[endpoint] authenticated? x-trust-boundary? trustZone !data !licenses externalReferences[reference:reference] properties[property:property] services[service:service] releaseNotes:releaseNotes tags[tag]
composition @bom-ref aggregate assemblies[assembly@ref] dependencies[dependency@ref] vulnerabilities[vulnerability@ref]
vulnerability @bom-ref id source:source references[reference:alias] ratings[rating:rating] cwes[cwe#] description detail recommendation workaround proofOfConcept:proof advisories[advisory:advisory] created published updated rejected credits:credits !tools analysis:analysis affects[target:target] properties[property:property]
proof reproductionSteps environment supportingMaterial[attachment:attachment]
alias id source:source
rating source:source score# severity method vector justification
advisory title url
credits organizations[organization:entity] individuals[individual:contact]
analysis state justification responses=response[response] detail firstIssued lastUpdated
target ref versions[version:range]
range version range status
annotation @bom-ref subjects[subject@ref] annotator:annotator timestamp text
annotator organization:entity individual:contact component:component service:service
";

/// What a field is in XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// An attribute.
    Attribute(Value),
    /// An element with a value.
    Element(Value),
    /// An element of a type.
    Object(&'static str),
    /// Elements with values.
    Repeated,
    /// Elements of a type.
    RepeatedObjects(&'static str),
    /// An element around elements with values.
    List(&'static str, Value),
    /// An element around elements whose value is an attribute.
    References(&'static str, &'static str),
    /// An element around elements of a type.
    Objects(&'static str, &'static str),
    /// An element around elements with a text, each an object with that text in JSON.
    Wrapped(&'static str, &'static str),
    /// The text of the element.
    Content,
    /// Code of its own.
    Special,
}

/// What sort of value a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Text,
    Number,
    Bool,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) xml: &'static str,
    pub(super) json: &'static str,
    pub(super) kind: Kind,
}

/// The fields of a type, in the order of XML.
pub(super) fn shape(name: &str) -> &'static [Field] {
    static SHAPES: OnceLock<HashMap<&str, Vec<Field>>> = OnceLock::new();
    let shapes = SHAPES.get_or_init(|| {
        TABLE
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                Some((words.next()?, words.map(field).collect()))
            })
            .collect()
    });
    shapes.get(name).map_or(&[], Vec::as_slice)
}

fn valued(word: &'static str) -> (&'static str, Value) {
    if let Some(name) = word.strip_suffix('#') {
        (name, Value::Number)
    } else if let Some(name) = word.strip_suffix('?') {
        (name, Value::Bool)
    } else {
        (word, Value::Text)
    }
}

fn field(word: &'static str) -> Field {
    if let Some(name) = word.strip_prefix('!') {
        return Field {
            xml: name,
            json: name,
            kind: Kind::Special,
        };
    }
    if let Some(name) = word.strip_prefix('=') {
        return Field {
            xml: "",
            json: name,
            kind: Kind::Content,
        };
    }
    let (names, kind) = if let Some(rest) = word.strip_prefix('@') {
        let (name, value) = valued(rest);
        (name, Kind::Attribute(value))
    } else if let Some((name, item)) = word.strip_suffix(']').and_then(|word| word.split_once('['))
    {
        let kind = if let Some((item, kind)) = item.split_once(':') {
            Kind::Objects(item, kind)
        } else if let Some((item, attribute)) = item.split_once('@') {
            Kind::References(item, attribute)
        } else if let Some((item, inner)) = item.split_once('>') {
            Kind::Wrapped(item, inner)
        } else {
            let (item, value) = valued(item);
            Kind::List(item, value)
        };
        (name, kind)
    } else if let Some((name, kind)) = word.split_once(':') {
        match name.strip_suffix('*') {
            Some(name) => (name, Kind::RepeatedObjects(kind)),
            None => (name, Kind::Object(kind)),
        }
    } else if let Some(name) = word.strip_suffix('*') {
        (name, Kind::Repeated)
    } else {
        let (name, value) = valued(word);
        (name, Kind::Element(value))
    };
    let (xml, json) = names.split_once('=').unwrap_or((names, names));
    Field { xml, json, kind }
}
