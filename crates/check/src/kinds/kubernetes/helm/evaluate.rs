//! Renders templates, bounded in steps, depth and size.

use std::collections::HashMap;

use super::functions;
use super::parser::{Operand, Part, Pipeline, Template, Wrong, parse};
use super::value::Data;

/// Most steps of one template: parts, commands and turns of loops.
const MOST_STEPS: usize = 500_000;

/// Largest output of one template, and largest value that one builds, in bytes.
pub(super) const MOST_OUTPUT: usize = 4 << 20;

/// Deepest nesting of blocks, brackets and templates together.
const DEEPEST: usize = 60;

/// Named templates.
pub(super) type Named = HashMap<String, Template>;

/// What a template came to: its text, and where each stretch of it comes from.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) text: String,
    pub(super) stretches: Vec<Stretch>,
}

/// A stretch of output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// Where it begins in the output.
    pub(super) from: usize,
    /// Where it stands in the template: its text, or the action that made it.
    pub(super) at: usize,
    /// Whether it is text of the template as it stands.
    pub(super) literal: bool,
}

/// How a loop goes on.
#[derive(PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Renders a template with the values of a release.
pub(super) fn render(template: &Template, named: &Named, root: &Data) -> Result<Output, Wrong> {
    let mut rendering = Rendering {
        named,
        steps: 0,
        written: 0,
        depth: 0,
    };
    let mut output = Output::default();
    let mut frame = Frame::new(root.clone());
    rendering.parts(&template.parts, template, &mut frame, &mut output)?;
    Ok(output)
}

struct Rendering<'a> {
    named: &'a Named,
    steps: usize,
    written: usize,
    depth: usize,
}

/// The variables of a template that is being rendered, and its point.
struct Frame {
    root: Data,
    point: Data,
    variables: Vec<(String, Data)>,
}

impl Frame {
    fn new(root: Data) -> Self {
        Self {
            point: root.clone(),
            root,
            variables: Vec::new(),
        }
    }

    fn variable(&self, name: &str) -> Option<&Data> {
        if name.is_empty() {
            return Some(&self.root);
        }
        let mut variables = self.variables.iter().rev();
        variables
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }
}

impl Rendering<'_> {
    fn step(&mut self) -> Result<(), String> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err("takes too many steps to be rendered".to_owned());
        }
        Ok(())
    }

    fn write(
        &mut self,
        output: &mut Output,
        text: &str,
        at: usize,
        literal: bool,
    ) -> Result<(), Wrong> {
        self.written += text.len();
        if self.written > 8 * MOST_OUTPUT || output.text.len() + text.len() > MOST_OUTPUT {
            return Err((at, "becomes too large when it is rendered".to_owned()));
        }
        let from = output.text.len();
        output.stretches.push(Stretch { from, at, literal });
        output.text.push_str(text);
        Ok(())
    }

    fn parts(
        &mut self,
        parts: &[Part],
        template: &Template,
        frame: &mut Frame,
        output: &mut Output,
    ) -> Result<Flow, Wrong> {
        let known = frame.variables.len();
        self.deeper().map_err(|problem| (0, problem))?;
        for part in parts {
            let flow = self.part(part, template, frame, output)?;
            if flow != Flow::On {
                self.depth -= 1;
                frame.variables.truncate(known);
                return Ok(flow);
            }
        }
        self.depth -= 1;
        frame.variables.truncate(known);
        Ok(Flow::On)
    }

    fn part(
        &mut self,
        part: &Part,
        template: &Template,
        frame: &mut Frame,
        output: &mut Output,
    ) -> Result<Flow, Wrong> {
        let said = |at: usize| move |problem: String| (at, problem);
        match part {
            Part::Text { from, to } => {
                let text = template.text.get(*from..*to).unwrap_or_default();
                self.write(output, text, *from, true)?;
            }
            Part::Output { at, pipeline } => {
                let value = self.pipeline(pipeline, frame).map_err(said(*at))?;
                self.write(output, &value.printed(), *at, false)?;
            }
            Part::Set {
                at,
                name,
                declares,
                pipeline,
            } => {
                let value = self.pipeline(pipeline, frame).map_err(said(*at))?;
                let mut variables = frame.variables.iter_mut().rev();
                let known = variables.find(|(known, _)| known == name);
                match known {
                    Some((_, known)) if !declares => *known = value,
                    _ => frame.variables.push((name.clone(), value)),
                }
            }
            Part::Choice {
                at,
                branches,
                otherwise,
            } => {
                let known = frame.variables.len();
                for branch in branches {
                    let value = self.pipeline(&branch.condition, frame).map_err(said(*at))?;
                    if let Some(name) = &branch.name {
                        frame.variables.push((name.clone(), value.clone()));
                    }
                    if value.is_true() {
                        let before = branch
                            .moves
                            .then(|| std::mem::replace(&mut frame.point, value));
                        let flow = self.parts(&branch.body, template, frame, output);
                        if let Some(before) = before {
                            frame.point = before;
                        }
                        frame.variables.truncate(known);
                        return flow;
                    }
                }
                let flow = self.parts(otherwise, template, frame, output);
                frame.variables.truncate(known);
                return flow;
            }
            Part::Range {
                at,
                names,
                pipeline,
                body,
                otherwise,
            } => {
                let value = self.pipeline(pipeline, frame).map_err(said(*at))?;
                let turns: Vec<(Data, Data)> = match &value {
                    Data::List(items) => (0..)
                        .map(Data::Integer)
                        .zip(items.iter().cloned())
                        .collect(),
                    Data::Map(members) => {
                        let members = members.iter();
                        members
                            .map(|(key, value)| (Data::text(key), value.clone()))
                            .collect()
                    }
                    Data::Integer(number) => {
                        let number = usize::try_from(*number).unwrap_or(0).min(MOST_STEPS);
                        (0..)
                            .map(Data::Integer)
                            .zip((0..).map(Data::Integer))
                            .take(number)
                            .collect()
                    }
                    Data::Nothing => Vec::new(),
                    _ => return Err((*at, "goes through something that is no list".to_owned())),
                };
                if turns.is_empty() {
                    return self.parts(otherwise, template, frame, output);
                }
                let before = frame.point.clone();
                let known = frame.variables.len();
                for (key, item) in turns {
                    self.step().map_err(said(*at))?;
                    match names.as_slice() {
                        [value] => frame.variables.push((value.clone(), item.clone())),
                        [first, second, ..] => {
                            frame.variables.push((first.clone(), key));
                            frame.variables.push((second.clone(), item.clone()));
                        }
                        [] => {}
                    }
                    frame.point = item;
                    let flow = self.parts(body, template, frame, output)?;
                    frame.variables.truncate(known);
                    if flow == Flow::Break {
                        break;
                    }
                }
                frame.point = before;
            }
            Part::Template { at, name, pipeline } => {
                let value = match pipeline {
                    Some(pipeline) => self.pipeline(pipeline, frame).map_err(said(*at))?,
                    None => Data::Nothing,
                };
                let text = self.include(name, value).map_err(said(*at))?;
                self.write(output, &text, *at, false)?;
            }
            Part::Break => return Ok(Flow::Break),
            Part::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn include(&mut self, name: &str, value: Data) -> Result<String, String> {
        let template = (self.named.get(name))
            .ok_or_else(|| format!("uses the template `{name}`, which is not in the chart"))?;
        self.inner(template, value)
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("uses templates in templates without an end".to_owned());
        }
        Ok(())
    }

    fn inner(&mut self, template: &Template, value: Data) -> Result<String, String> {
        let mut output = Output::default();
        let mut frame = Frame::new(value);
        let rendered = self.parts(&template.parts, template, &mut frame, &mut output);
        rendered.map_err(|(_, problem)| problem)?;
        Ok(output.text)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, frame: &Frame) -> Result<Data, String> {
        let mut value = None;
        for command in pipeline {
            value = Some(self.command(command, value, frame)?);
        }
        value.ok_or_else(|| "has an empty action".to_owned())
    }

    fn command(
        &mut self,
        command: &[Operand],
        piped: Option<Data>,
        frame: &Frame,
    ) -> Result<Data, String> {
        self.step()?;
        let Some((first, rest)) = command.split_first() else {
            return Err("has an empty command".to_owned());
        };
        let Operand::Function(name) = first else {
            if let Operand::Fields(names) | Operand::Variable(_, names) = first
                && let Some(method) = names.last().filter(|name| functions::is_method(name))
            {
                let arguments = self.arguments(rest, piped, frame)?;
                return functions::method(method, &arguments);
            }
            return self.operand(first, frame);
        };
        // These two look no further than they have to.
        if name == "and" || name == "or" {
            let mut last = Data::Nothing;
            for operand in rest {
                last = self.operand(operand, frame)?;
                if last.is_true() != (name == "and") {
                    return Ok(last);
                }
            }
            return Ok(piped.unwrap_or(last));
        }
        let arguments = self.arguments(rest, piped, frame)?;
        match (name.as_str(), arguments.as_slice()) {
            ("include", [Data::Text(name), value]) => {
                self.include(name, value.clone()).map(Data::text)
            }
            ("include", [Data::Text(name)]) => self.include(name, Data::Nothing).map(Data::text),
            ("tpl", [Data::Text(text), value]) => {
                if !text.contains("{{") {
                    return Ok(Data::Text(text.clone()));
                }
                let template = parse(text, &mut |_, _| {}).map_err(|(_, problem)| problem)?;
                self.inner(&template, value.clone()).map(Data::text)
            }
            _ => {
                let value = functions::call(name, &arguments)?;
                // What is built step by step must not double without an end.
                if matches!(value, Data::Text(_) | Data::List(_) | Data::Map(_)) {
                    let size = value.size();
                    self.steps += size / 64;
                    if size > MOST_OUTPUT {
                        return Err("builds a value that is too large".to_owned());
                    }
                }
                Ok(value)
            }
        }
    }

    fn arguments(
        &mut self,
        operands: &[Operand],
        piped: Option<Data>,
        frame: &Frame,
    ) -> Result<Vec<Data>, String> {
        let mut arguments = Vec::new();
        for operand in operands {
            arguments.push(self.operand(operand, frame)?);
        }
        arguments.extend(piped);
        Ok(arguments)
    }

    fn operand(&mut self, operand: &Operand, frame: &Frame) -> Result<Data, String> {
        match operand {
            Operand::Literal(value) => Ok(value.clone()),
            Operand::Fields(names) => Ok(fields(&frame.point, names)),
            Operand::Variable(name, names) => {
                let value = frame.variable(name);
                let value = value
                    .ok_or_else(|| format!("uses the variable `${name}`, which is not set"))?;
                Ok(fields(value, names))
            }
            Operand::Function(name) => {
                self.command(&[Operand::Function(name.clone())], None, frame)
            }
            Operand::Inner(pipeline, names) => {
                self.deeper()?;
                let value = self.pipeline(pipeline, frame)?;
                self.depth -= 1;
                Ok(fields(&value, names))
            }
        }
    }
}

/// What is at the end of some names. Something missing is nothing, as it mostly is to Helm.
fn fields(value: &Data, names: &[String]) -> Data {
    let found = names.iter().try_fold(value, |value, name| value.get(name));
    found.cloned().unwrap_or(Data::Nothing)
}
