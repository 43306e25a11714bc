//! What rules of Kubernetes can look at.

use linchpin_document::Node;

use super::resource::{CONTAINERS, pod};
use crate::kind::{DocumentFile, Subject, SubjectKind};

pub(super) const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "resource",
        documentation: "A resource; its type is its kind, such as Deployment",
        around: &[],
    },
    SubjectKind {
        name: "pod",
        documentation: "The pod that a resource makes: its `spec`; its type is the resource's kind",
        around: &["resource"],
    },
    SubjectKind {
        name: "container",
        documentation: "A container; its type is the list in which it stands: containers, \
                        initContainers or ephemeralContainers. It has besides: image_reference \
                        (registry, repository, name, tag, digest), effective (the security context \
                        that counts), added and dropped (capabilities), words (of command and \
                        arguments), program, flag (values by \
                        name)",
        around: &["pod", "resource"],
    },
    SubjectKind {
        name: "variable",
        documentation: "An environment variable of a container",
        around: &["container", "pod", "resource"],
    },
    SubjectKind {
        name: "port",
        documentation: "A port of a container",
        around: &["container", "pod", "resource"],
    },
    SubjectKind {
        name: "flag",
        documentation: "A flag of a container's program: name and value; its type is the program",
        around: &["container", "pod", "resource"],
    },
    SubjectKind {
        name: "volume",
        documentation: "A volume of a pod; its type is where it comes from, such as hostPath",
        around: &["pod", "resource"],
    },
    SubjectKind {
        name: "sysctl",
        documentation: "A kernel parameter that a pod sets: name and value",
        around: &["pod", "resource"],
    },
    SubjectKind {
        name: "role-rule",
        documentation: "A rule of a Role or ClusterRole; its type is which of the two",
        around: &["resource"],
    },
    SubjectKind {
        name: "binding-subject",
        documentation: "Who a RoleBinding or ClusterRoleBinding is for; its type is which of the \
                        two",
        around: &["resource"],
    },
    SubjectKind {
        name: "network-rule",
        documentation: "A rule of a NetworkPolicy; its type is ingress or egress",
        around: &["resource"],
    },
    SubjectKind {
        name: "webhook",
        documentation: "An admission webhook; its type is ValidatingWebhookConfiguration or \
                        MutatingWebhookConfiguration",
        around: &["resource"],
    },
    SubjectKind {
        name: "entry",
        documentation: "An entry of a ConfigMap or Secret: name, value (in base64 if it is one of \
                        a Secret's data), from; its type is which of the two",
        around: &["resource"],
    },
];

pub(super) fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for resource in &file.documents {
        let kind = resource.find_text(&["kind"]).unwrap_or_default();
        subjects.push(Subject::new("resource", resource).of(kind));
        if let Some(pod) = pod(resource) {
            in_pod(pod, resource, subjects);
        }
        let mut each = |name: &'static str, way: &[&str], of: &'a str| {
            for item in resource.find(way).map_or(&[][..], Node::items) {
                subjects.push(Subject::new(name, item).of(of).with("resource", resource));
            }
        };
        match kind {
            "Role" | "ClusterRole" => each("role-rule", &["rules"], kind),
            "RoleBinding" | "ClusterRoleBinding" => each("binding-subject", &["subjects"], kind),
            "NetworkPolicy" => {
                each("network-rule", &["spec", "ingress"], "ingress");
                each("network-rule", &["spec", "egress"], "egress");
            }
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
                each("webhook", &["webhooks"], kind);
            }
            "ConfigMap" | "Secret" => each("entry", &["entries"], kind),
            _ => {}
        }
    }
}

fn in_pod<'a>(pod: &'a Node, resource: &'a Node, subjects: &mut Vec<Subject<'a>>) {
    let kind = resource.find_text(&["kind"]).unwrap_or_default();
    subjects.push(Subject::new("pod", pod).of(kind).with("resource", resource));
    let mut in_it = |name: &'static str, node: &'a Node, of: &'a str| {
        let subject = Subject::new(name, node).of(of);
        subjects.push(subject.with("pod", pod).with("resource", resource));
    };
    for volume in pod.get("volumes").map_or(&[][..], Node::items) {
        let mut members = volume.members().iter();
        let source = members.find(|member| member.key.as_str() != "name");
        in_it("volume", volume, source.map_or("", |member| &member.key));
    }
    let sysctls = pod.find(&["securityContext", "sysctls"]);
    for sysctl in sysctls.map_or(&[][..], Node::items) {
        in_it("sysctl", sysctl, "");
    }
    for list in CONTAINERS {
        for container in pod.get(list).map_or(&[][..], Node::items) {
            in_it("container", container, list);
        }
    }
    for list in CONTAINERS {
        for container in pod.get(list).map_or(&[][..], Node::items) {
            in_container(container, pod, resource, subjects);
        }
    }
}

fn in_container<'a>(
    container: &'a Node,
    pod: &'a Node,
    resource: &'a Node,
    subjects: &mut Vec<Subject<'a>>,
) {
    let program = container.find_text(&["program"]).unwrap_or_default();
    let lists = [
        ("variable", "env", ""),
        ("port", "ports", ""),
        ("flag", "flags", program),
    ];
    for (name, key, of) in lists {
        for item in container.get(key).map_or(&[][..], Node::items) {
            let subject = Subject::new(name, item).of(of);
            let subject = subject.with("container", container).with("pod", pod);
            subjects.push(subject.with("resource", resource));
        }
    }
}
