//! What lies beyond this disk, and how it is reached: registries, container engines, and whether
//! the network may be used at all. The places of settings are those of Docker, Podman and skopeo.

use std::path::PathBuf;

use anyhow::Result;
use linchpin_remote::{
    CertificateFiles, CredentialFiles, EngineSettings, Mirror, Patience, RegistriesConf,
    RegistrySettings,
};

use crate::commands::VERSION;

/// What the environment says of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The user's home.
    pub(crate) home: Option<PathBuf>,
    /// XDG_CONFIG_HOME, or what it is by default.
    pub(crate) configuration: Option<PathBuf>,
    /// XDG_RUNTIME_DIR.
    pub(crate) runtime: Option<PathBuf>,
    /// DOCKER_CONFIG.
    pub(crate) docker_configuration: Option<PathBuf>,
    /// REGISTRY_AUTH_FILE.
    pub(crate) auth_file: Option<PathBuf>,
    /// CONTAINERS_REGISTRIES_CONF.
    pub(crate) registries_conf: Option<PathBuf>,
    /// SSL_CERT_FILE.
    pub(crate) certificate_file: Option<PathBuf>,
    /// SSL_CERT_DIR.
    pub(crate) certificate_folder: Option<PathBuf>,
    /// DOCKER_HOST.
    pub(crate) docker_host: Option<String>,
    /// CONTAINER_HOST.
    pub(crate) podman_host: Option<String>,
    /// CONTAINERD_NAMESPACE.
    pub(crate) containerd_namespace: Option<String>,
}

/// What may be reached, and how.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Whether any use of the network is an error.
    pub(crate) offline: bool,
    /// Where container engines listen.
    pub(crate) engines: EngineSettings,
    mirrors: Vec<Mirror>,
    surroundings: Surroundings,
}

impl Surroundings {
    /// Which certificates of servers are believed.
    pub(crate) fn certificates(&self) -> CertificateFiles {
        CertificateFiles {
            file: self.certificate_file.clone(),
            folder: self.certificate_folder.clone(),
            system: SYSTEM_CERTIFICATES.iter().map(PathBuf::from).collect(),
            by_host: Vec::new(),
        }
    }
}

/// Where systems keep the authorities that they trust.
const SYSTEM_CERTIFICATES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

impl Network {
    pub(crate) fn new(offline: bool, mirrors: Vec<Mirror>, surroundings: &Surroundings) -> Self {
        let Surroundings { home, runtime, .. } = surroundings;
        let below =
            |folder: &Option<PathBuf>, path: &str| folder.as_ref().map(|folder| folder.join(path));
        let docker_sockets = [
            Some("/var/run/docker.sock".into()),
            below(runtime, "docker.sock"),
            below(home, ".docker/run/docker.sock"),
        ];
        let podman_sockets = [
            below(runtime, "podman/podman.sock"),
            Some("/run/podman/podman.sock".into()),
        ];
        let engines = EngineSettings {
            docker_host: surroundings.docker_host.clone(),
            podman_host: surroundings.podman_host.clone(),
            docker_sockets: docker_sockets.into_iter().flatten().collect(),
            podman_sockets: podman_sockets.into_iter().flatten().collect(),
            containerd_namespace: surroundings.containerd_namespace.clone(),
            patience: Patience::default(),
        };
        Self {
            offline,
            engines,
            mirrors,
            surroundings: surroundings.clone(),
        }
    }

    /// How registries are spoken to. Their settings are read when they are needed, so that a broken
    /// file is nobody's trouble who reads a folder.
    pub(crate) fn registries(&self) -> Result<RegistrySettings> {
        let Surroundings {
            home,
            configuration,
            runtime,
            docker_configuration,
            auth_file,
            registries_conf,
            ..
        } = &self.surroundings;
        let below =
            |folder: &Option<PathBuf>, path: &str| folder.as_ref().map(|folder| folder.join(path));
        let docker = docker_configuration
            .clone()
            .or_else(|| below(home, ".docker"));
        let credentials = [
            auth_file.clone(),
            below(runtime, "containers/auth.json"),
            below(configuration, "containers/auth.json"),
            below(&docker, "config.json"),
        ];
        let users_conf = below(configuration, "containers/registries.conf")
            .filter(|path| registries_conf.is_none() && path.exists());
        let conf = registries_conf
            .clone()
            .or(users_conf)
            .unwrap_or_else(|| "/etc/containers/registries.conf".into());
        let conf_folders: Vec<PathBuf> = if registries_conf.is_some() {
            Vec::new()
        } else {
            [
                Some("/etc/containers/registries.conf.d".into()),
                below(configuration, "containers/registries.conf.d"),
            ]
            .into_iter()
            .flatten()
            .collect()
        };
        let by_host = [
            below(configuration, "containers/certs.d"),
            Some("/etc/containers/certs.d".into()),
            Some("/etc/docker/certs.d".into()),
        ];
        Ok(RegistrySettings {
            version: VERSION.to_owned(),
            offline: self.offline,
            credentials: CredentialFiles {
                files: credentials.into_iter().flatten().collect(),
            },
            registries: RegistriesConf::read(&[conf], &conf_folders)?,
            mirrors: self.mirrors.clone(),
            certificates: CertificateFiles {
                by_host: by_host.into_iter().flatten().collect(),
                ..self.surroundings.certificates()
            },
            patience: Patience::default(),
        })
    }
}
