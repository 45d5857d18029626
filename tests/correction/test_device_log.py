from __future__ import annotations

from documents.correction.device_log import Placement, placement

GPU = """
llama_model_load_from_file_impl: using device CUDA0 (NVIDIA RTX A4000) (0000:01:00.0) - 15700 MiB free
load_tensors: offloading 27 repeating layers to GPU
load_tensors: offloaded 27/37 layers to GPU
load_tensors:   CPU_Mapped model buffer size =   900.50 MiB
load_tensors:        CUDA0 model buffer size =  2400.25 MiB
llama_kv_cache:        CPU KV buffer size =    36.00 MiB
llama_kv_cache:      CUDA0 KV buffer size =   108.00 MiB
sched_reserve:      CUDA0 compute buffer size =   300.75 MiB
sched_reserve:  CUDA_Host compute buffer size =    10.00 MiB
""".splitlines()
PROCESSOR = """
load_tensors: offloaded 0/37 layers to GPU
load_tensors:   CPU_Mapped model buffer size =     4.14 MiB
""".splitlines()


def test_it_tells_device_layers_and_the_gpus_memory():
    assert placement(GPU) == Placement("NVIDIA RTX A4000", 27, 37, 2809.0)


def test_a_model_on_the_processor_takes_nothing_of_a_gpu():
    assert placement(PROCESSOR) == Placement("", 0, 37, 0.0)


def test_it_claims_nothing_that_the_log_does_not_say():
    assert placement([]) == Placement()
