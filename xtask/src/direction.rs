//! Imports point down only: DESIGN's picture of the rooms, held against `cargo metadata`. Development dependencies count
//! as imports too, so that a test cannot reach where its crate may not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::shell::{capture, cargo};

const PURE: [&str; 6] = ["kernel", "shop", "room", "hub", "insight", "media"];

/// What each room may name. A crate that is not listed here has no place yet: give it one, with its reason, first.
fn may_name(room: &str) -> Option<&'static [&'static str]> {
    Some(match room {
        "kernel" | "xtask" | "atelier" => &[],
        "shop" | "room" | "hub" | "insight" | "media" => &["kernel"],
        "app" => &["kernel", "shop", "room", "hub", "insight"],
        "store" | "links" | "gateway" => &["app", "kernel", "shop", "room", "hub", "insight"],
        "streamer" => &["app", "kernel", "shop", "room", "hub", "insight", "media"],
        "load" => &["kernel", "media"],
        "sim" => &["app", "kernel", "shop", "room", "hub", "insight", "media"],
        "trunkshow" => &[
            "app", "gateway", "hub", "insight", "kernel", "links", "load", "media", "room", "shop", "store", "streamer",
        ],
        _ => return None,
    })
}

/// What a pure crate must not reach at any depth: a runtime, a socket, a database, the web, the system's entropy.
const IMPURE: [&str; 20] = [
    "async-std",
    "axum",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "quinn",
    "reqwest",
    "rusqlite",
    "rustls",
    "sea-orm",
    "smol",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tokio",
    "tokio-util",
    "tower",
    "tower-http",
    "tungstenite",
];

/// str0m draws its own randomness (DESIGN, decision 13): the one way by which media reaches entropy.
const EXCUSED: [(&str, &str); 1] = [("media", "getrandom")];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `None` is an ordinary dependency; otherwise `dev` or `build`.
    kind: Option<String>,
}

impl Dependency {
    fn is_for_tests_only(&self) -> bool {
        self.dep_kinds.iter().all(|kind| kind.kind.as_deref() == Some("dev"))
    }
}

/// The graph of one `cargo metadata`, by the short names of the rooms.
struct Graph {
    names: BTreeMap<String, String>,
    members: BTreeSet<String>,
    edges: BTreeMap<String, Vec<Dependency>>,
}

impl Graph {
    fn new(metadata: Metadata) -> Self {
        let short = |name: &str| name.strip_prefix("trunkshow-").unwrap_or(name).to_owned();
        Graph {
            names: metadata.packages.into_iter().map(|package| (package.id, short(&package.name))).collect(),
            members: metadata.workspace_members,
            edges: metadata.resolve.nodes.into_iter().map(|node| (node.id, node.deps)).collect(),
        }
    }

    /// Every edge between two rooms that the picture does not have, as `a → b`.
    fn wrong_edges(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for member in &self.members {
            let room = &self.names[member];
            let Some(allowed) = may_name(room) else {
                wrong.push(format!("{room} has no place in direction.rs"));
                continue;
            };
            for dependency in self.edges.get(member).into_iter().flatten() {
                let named = &self.names[&dependency.pkg];
                if self.members.contains(&dependency.pkg) && named != room && !allowed.contains(&named.as_str()) {
                    let what = if dependency.is_for_tests_only() { " (in tests)" } else { "" };
                    wrong.push(format!("{room} → {named}{what}"));
                }
            }
        }
        wrong
    }

    /// Every impure crate that a pure room reaches outside its tests, as `room ⇒ crate`.
    fn impurities(&self) -> Vec<String> {
        let mut found = Vec::new();
        for member in self.members.iter().filter(|member| PURE.contains(&self.names[*member].as_str())) {
            let room = self.names[member].as_str();
            let mut seen = BTreeSet::new();
            let mut next = vec![member.as_str()];
            while let Some(id) = next.pop() {
                if seen.insert(id) {
                    let ships = self.edges.get(id).into_iter().flatten().filter(|edge| !edge.is_for_tests_only());
                    next.extend(ships.map(|edge| edge.pkg.as_str()));
                }
            }
            let reached = seen.into_iter().map(|id| self.names[id].as_str());
            let impure = reached.filter(|name| IMPURE.contains(name) && !EXCUSED.contains(&(room, *name)));
            found.extend(impure.map(|name| format!("{room} ⇒ {name}")));
        }
        found
    }
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn imports_point_down_only() {
    let text = capture(&mut cargo(&["metadata", "--format-version", "1", "--locked"])).expect("cargo metadata");
    let graph = Graph::new(serde_json::from_str(&text).expect("the format of cargo metadata"));
    assert!(graph.members.len() > PURE.len(), "the workspace was read");
    assert_eq!(graph.wrong_edges(), none(), "an import that DESIGN's picture does not have");
    assert_eq!(graph.impurities(), none(), "a pure crate reaches the outside");
}

/// A graph in text: `a b` is an edge, `a b dev` one for tests; rooms are the names that [`may_name`] knows.
fn graph(text: &str) -> Graph {
    let mut graph = Graph { names: BTreeMap::new(), members: BTreeSet::new(), edges: BTreeMap::new() };
    for line in text.lines() {
        let mut words = line.split_whitespace().map(str::to_owned);
        let (from, to) = (words.next().unwrap(), words.next().unwrap());
        for name in [&from, &to] {
            graph.names.insert(name.clone(), name.clone());
            if may_name(name).is_some() || name == "stray" {
                graph.members.insert(name.clone());
            }
        }
        graph.edges.entry(from).or_default().push(Dependency { pkg: to, dep_kinds: vec![Kind { kind: words.next() }] });
    }
    graph
}

fn check(text: &str, wrong: &[&str]) {
    let graph = graph(text);
    assert_eq!([graph.wrong_edges(), graph.impurities()].concat(), wrong, "{text}");
}

#[test]
fn what_points_sideways_or_up_is_found() {
    check("app shop\nstore app\ntrunkshow store", &[]);
    check("shop room", &["shop → room"]);
    check("store gateway dev", &["store → gateway (in tests)"]);
    check("gateway media", &["gateway → media"]);
    check("trunkshow sim", &["trunkshow → sim"]);
    check("xtask kernel", &["xtask → kernel"]);
    check("stray kernel", &["stray has no place in direction.rs"]);
}

#[test]
fn what_reaches_outside_is_found_at_any_depth() {
    check("shop serde\nserde tokio", &["shop ⇒ tokio"]);
    check("shop proptest dev\nproptest getrandom", &[]);
    check("media str0m\nstr0m getrandom", &[]);
    check("app tokio", &[]);
}
