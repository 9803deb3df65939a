//! Where a network computes: a real GPU through wgpu where there is one, the CPU otherwise.

use burn::tensor::Device;

use crate::recipe::DeviceChoice;
use crate::support::error::Remedy;
use crate::{Error, Result};

/// An opened device.
#[derive(Clone, Debug)]
pub struct Compute {
    /// burn's handle, without autodiff.
    pub device: Device,
    /// What a person knows it by, such as `CPU` or the GPU's name.
    pub name: String,
}

/// Something that could train.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// What a person knows it by.
    pub name: String,
    /// The graphics API that reaches it, or `cpu`.
    pub api: String,
    /// `gpu`, `software gpu` (drawn by the CPU) or `cpu`.
    pub kind: &'static str,
}

impl Compute {
    /// The CPU.
    #[must_use]
    pub fn cpu() -> Self {
        Self { device: Device::flex(), name: "CPU".to_owned() }
    }

    /// Whether the numbers of its tensors lie in this machine's own memory.
    #[must_use]
    pub fn is_cpu(&self) -> bool {
        self.device == Device::flex()
    }

    /// Open what the person chose.
    ///
    /// # Errors
    /// [`Error::Device`] when a GPU was asked for and none can be opened; `auto` falls back to the CPU instead.
    pub fn open(choice: DeviceChoice) -> Result<Self> {
        match choice {
            DeviceChoice::Cpu => Ok(Self::cpu()),
            DeviceChoice::Gpu => gpu::open(true),
            DeviceChoice::Auto => Ok(gpu::open(false).unwrap_or_else(|_| Self::cpu())),
        }
    }
}

/// Everything on this machine that could train, the CPU last.
#[must_use]
pub fn adapters() -> Vec<Adapter> {
    let mut found = gpu::list();
    found.push(Adapter { name: "CPU".to_owned(), api: "cpu".to_owned(), kind: "cpu" });
    found
}

/// Why there is no GPU to train on, with what trains as well.
fn without_gpu(reason: String) -> Error {
    Error::Device(reason).or(Remedy::set("device", "cpu", "trains on the CPU", "Train on the CPU"))
}

#[cfg(feature = "gpu")]
mod gpu {
    use burn::tensor::{Device, DeviceKind};
    use wgpu::DeviceType;

    use super::{Adapter, Compute, Result, without_gpu};
    use crate::support::faults;

    fn infos() -> Vec<wgpu::AdapterInfo> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
        adapters.iter().map(wgpu::Adapter::get_info).collect()
    }

    pub(super) fn list() -> Vec<Adapter> {
        let kind = |t| if t == DeviceType::Cpu { "software gpu" } else { "gpu" };
        let adapter =
            |i: wgpu::AdapterInfo| Adapter { name: i.name, api: i.backend.to_string(), kind: kind(i.device_type) };
        infos().into_iter().map(adapter).collect()
    }

    /// The strongest real GPU; one drawn in software only where `software` allows it, since the CPU itself is far faster.
    pub(super) fn open(software: bool) -> Result<Compute> {
        let ranks = [
            (DeviceType::DiscreteGpu, DeviceKind::DiscreteGpu(0)),
            (DeviceType::IntegratedGpu, DeviceKind::IntegratedGpu(0)),
            (DeviceType::VirtualGpu, DeviceKind::VirtualGpu(0)),
            (DeviceType::Cpu, DeviceKind::Cpu),
        ];
        let infos = infos();
        let mut allowed = ranks.iter().filter(|(t, _)| software || *t != DeviceType::Cpu);
        let Some((name, kind)) = allowed
            .find_map(|(t, kind)| infos.iter().find(|i| i.device_type == *t).map(|i| (i.name.clone(), kind.clone())))
        else {
            return Err(without_gpu("no GPU was found".to_owned()));
        };
        // A driver that fails half-way panics inside wgpu; that must not end the program.
        let opened = faults::caught(|| Device::wgpu_options().device_kind(kind).init());
        match opened {
            Ok(Ok(device)) => Ok(Compute { device, name }),
            Ok(Err(reason)) => Err(without_gpu(format!("the GPU {name} could not be opened: {reason}"))),
            Err(_) => Err(without_gpu(format!("the driver of {name} failed"))),
        }
    }
}

#[cfg(not(feature = "gpu"))]
mod gpu {
    use super::{Adapter, Compute, Result, without_gpu};

    pub(super) fn list() -> Vec<Adapter> {
        Vec::new()
    }

    pub(super) fn open(_software: bool) -> Result<Compute> {
        Err(without_gpu("this build has no GPU support (cargo feature `gpu`)".to_owned()))
    }
}
