//! Goes over the views of workflows and actions, and gives the things that rules look at.

use linchpin_document::{Node, NodeValue, Position};

use crate::kind::Subject;

/// Stands for a job or a step where there is none.
static NOTHING: Node = Node {
    start: Position::START,
    end: Position::START,
    value: NodeValue::Map(Vec::new()),
};

/// The things of a workflow.
pub(crate) fn find_workflow<'a>(workflow: &'a Node, subjects: &mut Vec<Subject<'a>>) {
    let around = Around {
        top: ("workflow", workflow),
        job: &NOTHING,
        step: &NOTHING,
    };
    subjects.push(Subject::new("workflow", workflow));
    around.each("expression", list(workflow, "expressions"), subjects);
    around.each("variable", list(workflow, "variables"), subjects);
    for job in list(workflow, "jobs") {
        let around = Around { job, ..around };
        subjects.push(around.subject("job", job));
        around.each("expression", list(job, "expressions"), subjects);
        around.each("variable", list(job, "variables"), subjects);
        around.each("image", list(job, "images"), subjects);
        if let Some(called) = job.get("called") {
            subjects.push(around.subject("call", called));
        }
        if let Some(matrix) = job.find(&["strategy", "matrix"]) {
            subjects.push(around.subject("matrix", matrix));
        }
        around.steps(job, subjects);
    }
}

/// The things of an action.
pub(crate) fn find_action<'a>(action: &'a Node, subjects: &mut Vec<Subject<'a>>) {
    let runs = action.get("runs").unwrap_or(&NOTHING);
    let around = Around {
        top: ("action", action),
        job: &NOTHING,
        step: &NOTHING,
    };
    subjects.push(Subject::new("action", action));
    around.each("image", list(runs, "images"), subjects);
    around.steps(runs, subjects);
}

/// What is around a thing.
#[derive(Clone, Copy)]
struct Around<'a> {
    top: (&'static str, &'a Node),
    job: &'a Node,
    step: &'a Node,
}

impl<'a> Around<'a> {
    fn subject(self, kind: &'static str, node: &'a Node) -> Subject<'a> {
        let of = node.find_text(&["name"]).unwrap_or_default();
        Subject::new(kind, node)
            .of(of)
            .with(self.top.0, self.top.1)
            .with("job", self.job)
            .with("step", self.step)
    }

    fn each(self, kind: &'static str, nodes: &'a [Node], subjects: &mut Vec<Subject<'a>>) {
        subjects.extend(nodes.iter().map(|node| self.subject(kind, node)));
    }

    fn steps(self, job: &'a Node, subjects: &mut Vec<Subject<'a>>) {
        for step in list(job, "steps") {
            let around = Self { step, ..self };
            subjects.push(around.subject("step", step));
            around.each("expression", list(step, "expressions"), subjects);
            around.each("variable", list(step, "variables"), subjects);
            if let Some(action) = step.get("action") {
                subjects.push(around.subject("uses", action));
                if let Some(image) = action.get("image") {
                    subjects.push(around.subject("image", image));
                }
            }
            if let Some(script) = step.get("script") {
                subjects.push(around.subject("run", script));
                around.each("line", list(script, "lines"), subjects);
            }
        }
    }
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map_or(&[][..], Node::items)
}
