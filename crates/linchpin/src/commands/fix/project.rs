//! One lockfile of the target: its graph, the plan for it, and the trial of the plan in a copy.
//!
//! A plan is a model of what a client will do. Where the client may be run, it is: in a copy, and what
//! the copy locks then is what is promised. What the client refuses, the next plan leaves out.

use std::path::Path;

use anyhow::{Context, Result};
use linchpin_advisory::remedy::{
    Change, DatabaseFlaws, FlawOf, Flaws, How, Jump, LockedGraph, NoReleases, Plan, Refused,
    Releases, SolveOptions, allows, compare_graphs, is_plain_argument, solve,
};
use linchpin_advisory::{Database, Exploitability};
use linchpin_catalog::take_inventory_with_requirements;
use linchpin_model::{Ecosystem, Inventory, Requirement, Requirer, Scope, Subject, TargetPath};
use linchpin_source::{Archives, SourceOptions};

use super::changing::{ChangeError, change};
use super::clients::{Action, Client, Place, RegistryView, Task, Trial, client_of};
use super::workshop::Workshop;

/// What plans are made with.
#[derive(Debug)]
pub(super) struct Planning<'a> {
    pub(super) database: &'a Database,
    /// What does not count.
    pub(super) exploitability: Exploitability<'a>,
    pub(super) farthest: Jump,
    pub(super) include_development: bool,
    /// Nothing is asked, nothing is tried.
    pub(super) offline: bool,
    /// Where Cargo keeps what is not a project's.
    pub(super) cargo_home: Option<&'a Path>,
    /// The target, of which VEX documents may speak.
    pub(super) subject: &'a Subject,
}

/// Whether a client tried the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tried {
    /// What is promised is what the client did in a copy.
    Yes,
    /// It was not, and why.
    No(String),
}

/// The plan for one lockfile.
#[derive(Debug)]
pub(super) struct ProjectPlan {
    pub(super) lockfile: TargetPath,
    pub(super) client: &'static Client,
    pub(super) plan: Plan,
    pub(super) tasks: Vec<Task>,
    pub(super) tried: Tried,
    /// All flaws that are gone afterwards, and those that come.
    pub(super) removes: Vec<FlawOf>,
    pub(super) introduces: Vec<FlawOf>,
    /// All packages that are another afterwards.
    pub(super) changes: Vec<Change>,
    /// Peers do not go together already, so npm is told to pass over them.
    pub(super) passes_over_peers: bool,
    /// What is locked now, to compare with later.
    inventory: Inventory,
    pub(super) graph: LockedGraph,
    pub(super) asked: Vec<Requirement>,
}

/// How often a plan is made anew after a client refused something.
const ROUNDS: usize = 4;

/// What one lockfile locks.
pub(super) struct Locked {
    inventory: Inventory,
    graph: LockedGraph,
    asked: Vec<Requirement>,
}

/// Reads what one lockfile of a copy locks; nothing if that is nothing.
fn read_locked(
    workshop: &Workshop,
    lockfile: &TargetPath,
    subject: &Subject,
) -> Result<Option<Locked>> {
    let options = SourceOptions {
        archives: Archives::None,
        ..SourceOptions::default()
    };
    let text = format!("dir:{}", workshop.path().display());
    let source = linchpin_source::open(&text, options)?;
    let (mut inventory, asked) = take_inventory_with_requirements(source.as_ref())?;
    // What is said of the target is said of its copy.
    inventory.subject = subject.clone();
    let graph = LockedGraph::new(&inventory, &asked, lockfile);
    Ok(graph.map(|graph| Locked {
        inventory,
        graph,
        asked,
    }))
}

impl Planning<'_> {
    fn options(&self, client: &Client, refused: Refused) -> SolveOptions {
        SolveOptions {
            choice: client.choice,
            manifests: client.manifests,
            farthest: self.farthest,
            include_development: self.include_development,
            refused,
        }
    }

    fn flaws<'b>(
        &'b self,
        ecosystem: Ecosystem,
        inventory: &'b Inventory,
        lockfile: &TargetPath,
    ) -> DatabaseFlaws<'b> {
        DatabaseFlaws::new(
            self.database,
            self.exploitability,
            ecosystem,
            inventory,
            lockfile.clone(),
        )
    }

    /// Makes the plan for a lockfile. Nothing if there is nothing to plan.
    pub(super) fn plan(&self, target: &Path, lockfile: &TargetPath) -> Result<Option<ProjectPlan>> {
        let Some(client) = client_of(lockfile) else {
            return Ok(None);
        };
        let copy = || Workshop::of(target, lockfile).context("copy what a client needs");
        let workshop = copy()?;
        let Some(locked) = read_locked(&workshop, lockfile, self.subject)? else {
            return Ok(None);
        };
        let flaws = self.flaws(locked.graph.ecosystem, &locked.inventory, lockfile);
        let releases: Box<dyn Releases> = if self.offline {
            Box::new(NoReleases)
        } else {
            (client.releases)(&RegistryView {
                folder: &workshop.path().join(lockfile.parent_str()),
                cargo_home: self.cargo_home,
            })
        };
        let mut refused = Refused::new();
        let mut tried = self.may_be_tried(client);
        let mut passes_over_peers = false;
        for _ in 0..ROUNDS {
            let options = self.options(client, refused.clone());
            let plan = solve(&locked.graph, releases.as_ref(), &flaws, &options);
            let mut made = ProjectPlan::new(lockfile, client, plan, &locked, workshop.path());
            made.pass_over_peers(passes_over_peers);
            if made.plan.steps.is_empty() || tried != Tried::Yes {
                made.tried = tried;
                return Ok(Some(made));
            }
            match made.try_out(&copy()?, self, &flaws, &options)? {
                Trying::Done => return Ok(Some(made)),
                Trying::Peers(_) if !passes_over_peers && has_peers_apart(&locked) => {
                    passes_over_peers = true;
                }
                Trying::Peers(more) | Trying::Refused(more) => refused.extend(more),
                Trying::Impossible(why) => tried = Tried::No(why),
            }
        }
        // The client refuses whatever is proposed: what it has not refused is still a plan, untried.
        let options = self.options(client, refused);
        let plan = solve(&locked.graph, releases.as_ref(), &flaws, &options);
        let mut made = ProjectPlan::new(lockfile, client, plan, &locked, workshop.path());
        made.tried = Tried::No(format!("`{}` refused {ROUNDS} plans", client.id));
        Ok(Some(made))
    }

    fn may_be_tried(&self, client: &Client) -> Tried {
        match client.trial {
            _ if self.offline => Tried::No("`--offline` was given".to_owned()),
            Trial::Impossible(why) => Tried::No(why.to_owned()),
            Trial::Possible => Tried::Yes,
        }
    }

    /// What is gone and what is new since a plan was made, in the target as it is now.
    pub(super) fn what_happened(
        &self,
        target: &Path,
        made: &ProjectPlan,
    ) -> Result<(Vec<FlawOf>, Vec<FlawOf>)> {
        let workshop = Workshop::of(target, &made.lockfile).context("copy what is locked now")?;
        let options = self.options(made.client, Refused::new());
        let before = self.flaws(made.graph.ecosystem, &made.inventory, &made.lockfile);
        let (gone, new, _) = self.compare(made, &before, &workshop, &options)?;
        Ok((gone, new))
    }
}

impl Planning<'_> {
    /// What is gone and what is new in a copy.
    fn compare(
        &self,
        made: &ProjectPlan,
        before: &DatabaseFlaws<'_>,
        workshop: &Workshop,
        options: &SolveOptions,
    ) -> Result<(Vec<FlawOf>, Vec<FlawOf>, Vec<Change>)> {
        let Some(after) = read_locked(workshop, &made.lockfile, self.subject)? else {
            let empty = made.empty_graph();
            return Ok(compare_graphs(
                &made.graph,
                &empty,
                [before, before],
                options,
            ));
        };
        let flaws = self.flaws(after.graph.ecosystem, &after.inventory, &made.lockfile);
        let flaws: [&dyn Flaws; 2] = [before, &flaws];
        Ok(compare_graphs(&made.graph, &after.graph, flaws, options))
    }
}

/// How a trial ended.
enum Trying {
    Done,
    Refused(Refused),
    /// Refused, as peers would not go together.
    Peers(Refused),
    Impossible(String),
}

impl ProjectPlan {
    fn new(
        lockfile: &TargetPath,
        client: &'static Client,
        mut plan: Plan,
        locked: &Locked,
        root: &Path,
    ) -> Self {
        // Names and versions come from what was scanned. What could mean anything else to a client is
        // not told to any.
        plan.steps.retain(|step| {
            let manifests = match &step.moved.how {
                How::Manifest(manifests) => manifests.as_slice(),
                How::Lock => &[],
            };
            is_plain_argument(&step.moved.name)
                && is_plain_argument(&step.moved.from)
                && is_plain_argument(&step.moved.to)
                && manifests.iter().all(|manifest| {
                    manifest.as_str() == lockfile.as_str() || is_plain_argument(manifest.as_str())
                })
        });
        let mut removes: Vec<FlawOf> = Vec::new();
        let mut introduces: Vec<FlawOf> = Vec::new();
        for step in &plan.steps {
            removes.extend(step.removes.iter().cloned());
            introduces.extend(step.introduces.iter().cloned());
        }
        let mut made = Self {
            lockfile: lockfile.clone(),
            client,
            plan,
            tasks: Vec::new(),
            tried: Tried::Yes,
            removes,
            introduces,
            changes: Vec::new(),
            passes_over_peers: false,
            inventory: locked.inventory.clone(),
            graph: locked.graph.clone(),
            asked: locked.asked.clone(),
        };
        made.tasks = made.tasks_in(root);
        made
    }

    /// What the client is told, for the lockfile as it is below a folder.
    fn tasks_in(&self, root: &Path) -> Vec<Task> {
        let asked: Vec<_> = self
            .asked
            .iter()
            .filter_map(|asked| match &asked.by {
                Requirer::Project(manifest) => Some((
                    manifest.clone(),
                    asked.name.clone(),
                    asked.range.clone(),
                    asked.scope,
                )),
                Requirer::Package { .. } => None,
            })
            .collect();
        let place = Place {
            lockfile: &self.lockfile,
            root,
            asked: &asked,
        };
        (self.client.tasks)(&self.plan.steps, &place)
    }

    fn pass_over_peers(&mut self, yes: bool) {
        self.passes_over_peers = yes;
        for task in self.tasks.iter_mut().filter(|_| yes) {
            if let Action::Run(line) = &mut task.action {
                line.arguments.push("--legacy-peer-deps".to_owned());
            }
        }
    }

    fn empty_graph(&self) -> LockedGraph {
        LockedGraph {
            ecosystem: self.graph.ecosystem,
            nodes: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// Lets the client make the plan in a copy, and takes over what came of it.
    fn try_out(
        &mut self,
        workshop: &Workshop,
        planning: &Planning<'_>,
        flaws: &DatabaseFlaws<'_>,
        options: &SolveOptions,
    ) -> Result<Trying> {
        let folder = workshop.path();
        for task in &self.tasks {
            let Err(error) = change(&task.action, folder, &self.lockfile) else {
                continue;
            };
            if let ChangeError::Program(error) = &error
                && !error.is_refusal()
            {
                return Ok(Trying::Impossible(error.to_string()));
            }
            if is_out_of_reach(&error.to_string()) {
                return Ok(Trying::Impossible(error.to_string()));
            }
            let says = error.to_string();
            let refused = self.refuse(&self.steps_to_blame(task), &says);
            return Ok(if says.contains("ERESOLVE") {
                Trying::Peers(refused)
            } else {
                Trying::Refused(refused)
            });
        }
        let (gone, new, changes) = planning.compare(self, flaws, workshop, options)?;
        // A step of which nothing came is none.
        let idle: Vec<usize> = (0..self.plan.steps.len())
            .filter(|&index| {
                let step = self.plan.steps.get(index);
                step.is_some_and(|step| !step.removes.iter().any(|flaw| gone.contains(flaw)))
            })
            .collect();
        if !idle.is_empty() {
            let says = format!("`{}` kept what was locked", self.client.id);
            return Ok(Trying::Refused(self.refuse(&idle, &says)));
        }
        self.take_over(gone, new, changes);
        Ok(Trying::Done)
    }

    /// Which steps a failed task stands for. Of several at once, the one that is farthest.
    fn steps_to_blame(&self, task: &Task) -> Vec<usize> {
        let farthest = task.steps.iter().copied().max_by_key(|&index| {
            let step = self.plan.steps.get(index);
            step.map(|step| (step.jump, step.is_assumed, std::cmp::Reverse(step.risk)))
        });
        farthest.into_iter().collect()
    }

    fn refuse(&self, steps: &[usize], because: &str) -> Refused {
        let steps = steps.iter().filter_map(|&index| self.plan.steps.get(index));
        steps
            .map(|step| {
                let key = (step.moved.name.clone(), step.moved.to.clone());
                (key, because.into())
            })
            .collect()
    }

    /// What the client really did becomes what is promised.
    fn take_over(&mut self, gone: Vec<FlawOf>, new: Vec<FlawOf>, changes: Vec<Change>) {
        let mut left = gone.clone();
        for step in &mut self.plan.steps {
            step.removes.retain(|flaw| {
                let place = left.iter().position(|other| other == flaw);
                place.map(|place| left.swap_remove(place)).is_some()
            });
            step.is_assumed = false;
            let own = changes.iter().find(|change| {
                change.name == step.moved.name && change.from.as_ref() == Some(&step.moved.from)
            });
            if let Some(to) = own.and_then(|change| change.to.as_ref()) {
                step.moved.to.clone_from(to);
                step.jump = Jump::between(self.graph.ecosystem, &step.moved.from, to);
            }
            step.along.retain(|change| changes.contains(change));
            step.introduces.retain(|flaw| new.contains(flaw));
        }
        // What is gone beyond the plan goes to the step of the same package, else to the last one.
        left.sort();
        for flaw in left {
            let steps = &mut self.plan.steps;
            let place = steps.iter().position(|step| step.moved.name == flaw.name);
            let place = place.unwrap_or(steps.len().saturating_sub(1));
            if let Some(step) = steps.get_mut(place) {
                step.removes.push(flaw);
                step.removes.sort();
            }
        }
        self.plan.stays.retain_mut(|stay| {
            stay.flaws.retain(|id| {
                !gone.iter().any(|flaw| {
                    flaw.name == stay.name && flaw.version == stay.version && flaw.id == *id
                })
            });
            !stay.flaws.is_empty()
        });
        self.plan.after = (self.plan.before + new.len()).saturating_sub(gone.len());
        self.removes = gone;
        self.introduces = new;
        self.changes = changes;
    }
}

/// Whether somebody already got a peer that he does not allow: then npm made the lockfile passing over
/// peers, and changes it in no other way.
fn has_peers_apart(Locked { graph, asked, .. }: &Locked) -> bool {
    let locked = |name: &str| {
        let nodes = graph.nodes.iter();
        nodes
            .filter(|node| node.name.as_ref() == name)
            .map(|node| node.version.as_ref())
            .collect::<Vec<&str>>()
    };
    asked.iter().any(|asked| {
        let Requirer::Package { name, version } = &asked.by else {
            return false;
        };
        let taken = locked(&asked.name);
        asked.scope == Scope::Peer
            && !taken.is_empty()
            && locked(name).contains(&version.as_ref())
            && taken
                .iter()
                .all(|taken| allows(graph.ecosystem, &asked.range, taken) == Some(false))
    })
}

/// Whether a client's complaint is of the network, and says nothing of the plan.
fn is_out_of_reach(complaint: &str) -> bool {
    const WORDS: &[&str] = &[
        "ENOTFOUND",
        "ECONNREFUSED",
        "EAI_AGAIN",
        "ETIMEDOUT",
        "network",
        "Could not resolve host",
        "dns error",
        "connection refused",
        "failed to fetch",
        "Failed to fetch",
        "failed to download",
        "module lookup disabled",
        "dial tcp",
    ];
    WORDS.iter().any(|word| complaint.contains(word))
}
