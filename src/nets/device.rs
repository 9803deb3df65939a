//! Where a network computes: a real GPU through wgpu where there is one, the CPU otherwise; and what is done when the GPU goes away.

use burn::tensor::Device;

use crate::recipe::DeviceChoice;
use crate::support::error::Remedy;
use crate::support::faults;
use crate::{Error, Result};

/// An opened device.
#[derive(Clone, Debug)]
pub struct Compute {
    /// burn's handle, without autodiff.
    pub device: Device,
    /// What a person knows it by, such as `CPU` or the GPU's name.
    pub name: String,
    /// Whether the numbers of its tensors lie elsewhere than in this machine's own memory.
    afar: bool,
    /// The most numbers that one tensor may hold.
    room: usize,
    /// For tests: pieces of work after which the device goes away.
    #[cfg(test)]
    fails_after: Option<std::sync::Arc<std::sync::atomic::AtomicUsize>>,
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
        Self::of(Device::flex(), "CPU".to_owned(), None)
    }

    /// A device whose tensors hold so many numbers at most, where that is less than anything.
    fn of(device: Device, name: String, room: Option<usize>) -> Self {
        Self {
            device,
            name,
            afar: room.is_some(),
            room: room.unwrap_or(usize::MAX),
            #[cfg(test)]
            fails_after: None,
        }
    }

    /// The CPU in the place of a GPU whose tensors hold so many numbers, which goes away after some pieces of work.
    #[cfg(test)]
    pub(crate) fn as_if_afar(room: usize, fails_after: usize) -> Self {
        let fails_after = Some(std::sync::Arc::new(fails_after.into()));
        Self { fails_after, ..Self::of(Device::flex(), "a GPU".to_owned(), Some(room)) }
    }

    /// The most numbers that one tensor may hold.
    #[must_use]
    pub fn room(&self) -> usize {
        self.room
    }

    /// Does a piece of work on the device. A GPU that goes away in the middle of it ends as an error rather than as the panic that its
    /// driver or burn may make of it; [`Compute::is_lost`] tells it from others.
    ///
    /// # Errors
    /// Those of the work; [`Error::Device`] when the device went away.
    pub fn on<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.is_cpu() {
            return work();
        }
        #[cfg(test)]
        if let Some(left) = &self.fails_after {
            use std::sync::atomic::Ordering::Relaxed;
            if left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err() {
                return Err(Error::Device(format!("{} went away", self.name)));
            }
        }
        let gone = || Err(Error::Device(format!("{} went away; --device cpu trains without it", self.name)));
        faults::caught(work).unwrap_or_else(|_| gone())
    }

    /// Whether an error says that the device went away, so that the CPU has to go on in its place.
    #[must_use]
    pub fn is_lost(&self, error: &Error) -> bool {
        !self.is_cpu() && matches!(error, Error::Device(_))
    }

    /// Whether the numbers of its tensors lie in this machine's own memory.
    #[must_use]
    pub fn is_cpu(&self) -> bool {
        !self.afar
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
    use std::sync::{Mutex, PoisonError};

    use burn::tensor::{Device, DeviceKind};
    use wgpu::DeviceType;

    use super::{Adapter, Compute, Result, faults, without_gpu};

    /// Those that were opened: burn sets a device up once in a process and refuses to do it again.
    static OPENED: Mutex<Vec<Compute>> = Mutex::new(Vec::new());

    fn found() -> Vec<wgpu::Adapter> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY))
    }

    fn infos() -> Vec<wgpu::AdapterInfo> {
        found().iter().map(wgpu::Adapter::get_info).collect()
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
        let adapters = found();
        let infos = adapters.iter().map(|adapter| (adapter.get_info(), adapter.limits()));
        let infos: Vec<_> = infos.collect();
        let mut allowed = ranks.iter().filter(|(t, _)| software || *t != DeviceType::Cpu);
        let Some((info, limits, kind)) = allowed
            .find_map(|(t, kind)| infos.iter().find(|(i, _)| i.device_type == *t).map(|(i, l)| (i, l, kind.clone())))
        else {
            return Err(without_gpu("no GPU was found".to_owned()));
        };
        let name = info.name.clone();
        let mut opened_before = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compute) = opened_before.iter().find(|compute| compute.name == name) {
            return Ok(compute.clone());
        }
        let bytes = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
        let room = usize::try_from(bytes / size_of::<f32>() as u64).unwrap_or(usize::MAX);
        // A driver that fails half-way panics inside wgpu; that must not end the program.
        let opened = faults::caught(|| Device::wgpu_options().device_kind(kind).init());
        match opened {
            Ok(Ok(device)) => {
                let compute = Compute::of(device, name, Some(room));
                opened_before.push(compute.clone());
                Ok(compute)
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_goes_away_is_an_error_and_the_cpu_never_is() {
        let gpu = Compute::as_if_afar(100, 2);
        assert_eq!(gpu.on(|| Ok(1)).ok(), Some(1));
        let panicked = gpu.on(|| -> Result<()> { panic!("the driver gave up") }).expect_err("caught");
        assert!(gpu.is_lost(&panicked) && panicked.to_string().contains("a GPU went away"), "{panicked}");
        let gone = gpu.on(|| Ok(1)).expect_err("it went away");
        assert!(gpu.is_lost(&gone) && !Compute::cpu().is_lost(&gone) && !gpu.is_lost(&Error::Cancelled));
        assert!(Compute::cpu().is_cpu() && Compute::cpu().room() == usize::MAX);
    }
}
