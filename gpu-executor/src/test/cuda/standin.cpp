// TEST DOUBLE, never shipped: a stand-in for NVIDIA's libcuda.so.1 that runs the kernels of src/main/cuda on the processor.
//
// It is compiled by g++ while the tests run (CudaStandIn.java) together with the unchanged .cu files, so that the whole host
// path - JCuda, contexts, module loading, pinned memory, streams, events, launches - runs on machines without a GPU. It
// proves the host code and the kernel's arithmetic. It proves nothing about speed, and nothing about real memory ordering:
// every call is done when it returns. Kernels with barriers or warp shuffles cannot run here.
//
// Environment: AUSPEX_STANDIN_DEVICES (default 1) devices; with 0, cuInit fails like a driver without a device.
// AUSPEX_STANDIN_FAIL=name:code lets the function of that name fail with that code.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
struct Dim { unsigned x, y, z; };

#define __global__
#define __device__
static Dim blockIdx, blockDim, threadIdx;
// Every file of kernels in a namespace of its own: their helpers share names, as they may.
namespace motion {
#include "motion.cu"
}
namespace scene {
#include "scene.cu"
}
namespace upscale {
#include "upscale.cu"
}

static const size_t DEVICE_BYTES = 64u << 20;
static size_t taken = 0;
static int pending = 0;

static CUresult failing(const char* name) {
    const char* wanted = getenv("AUSPEX_STANDIN_FAIL");
    size_t length = strlen(name);
    return wanted && !strncmp(wanted, name, length) && wanted[length] == ':' ? atoi(wanted + length + 1) : 0;
}

static int devices() {
    const char* set = getenv("AUSPEX_STANDIN_DEVICES");
    return set ? atoi(set) : 1;
}

#define CALL(name) if (CUresult code = failing(name)) return code

// Calls a kernel for one thread with the parameters as cuLaunchKernel gets them: pointers to values.
typedef void (*Thread)(void** args);
template <typename... A, size_t... I> static void call(void (*kernel)(A...), void** args, std::index_sequence<I...>) {
    kernel(*(std::remove_const_t<A>*) args[I]...);
}
template <typename... A> static void call(void (*kernel)(A...), void** args) {
    call(kernel, args, std::index_sequence_for<A...>());
}
template <auto kernel> static void thread(void** args) { call(kernel, args); }

struct Kernel { const char* name; Thread thread; };
static const Kernel KERNELS[] = {
    {"warp_plane", thread<motion::warp_plane>},
    {"render_scene", thread<scene::render_scene>},
    {"denoise_planes", thread<upscale::denoise_planes>},
    {"enlarge_plane", thread<upscale::enlarge_plane>},
};

extern "C" {

CUresult cuInit(unsigned) { CALL("cuInit"); return devices() > 0 ? 0 : 100; }
CUresult cuDriverGetVersion(int* version) { *version = 12060; return 0; }
CUresult cuDeviceGetCount(int* count) { *count = devices(); return 0; }
CUresult cuDeviceGet(CUdevice* device, int ordinal) { *device = ordinal; return ordinal < devices() ? 0 : 101; }
CUresult cuDeviceGetName(char* name, int size, CUdevice) { snprintf(name, size, "Stand-in (test double)"); return 0; }
CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice) { *bytes = DEVICE_BYTES; return 0; }
// 75 and 76 are the compute capability's major and minor number.
CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice) { *value = attribute == 75 ? 9 : 0; return 0; }
CUresult cuDevicePrimaryCtxRetain(void** context, CUdevice) { CALL("cuDevicePrimaryCtxRetain"); *context = (void*) 1; return 0; }
CUresult cuCtxSetCurrent(void*) { return 0; }

CUresult cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
    CALL("cuModuleLoadDataEx");
    *module = (void*) 2;
    for (const Kernel& kernel : KERNELS)
        if (strstr((const char*) image, kernel.name)) return 0;
    return 218;
}
CUresult cuModuleGetFunction(void** function, void*, const char* name) {
    for (const Kernel& kernel : KERNELS)
        if (!strcmp(name, kernel.name)) {
            *function = (void*) kernel.thread;
            return 0;
        }
    return 500;
}

CUresult cuStreamCreate(void** stream, unsigned) { *stream = (void*) 3; return 0; }
CUresult cuStreamDestroy_v2(void*) { return 0; }
CUresult cuStreamWaitEvent(void*, void*, unsigned) { return 0; }
CUresult cuStreamSynchronize(void*) { CALL("cuStreamSynchronize"); return pending; }
CUresult cuEventCreate(void** event, unsigned) { *event = (void*) 4; return 0; }
CUresult cuEventRecord(void*, void*) { return 0; }
CUresult cuEventSynchronize(void*) { CALL("cuEventSynchronize"); return pending; }
CUresult cuEventDestroy_v2(void*) { return 0; }

CUresult cuMemAlloc_v2(CUdeviceptr* pointer, size_t bytes) {
    CALL("cuMemAlloc");
    if (taken + bytes > DEVICE_BYTES) return 2;
    size_t* block = (size_t*) malloc(bytes + 256);
    block[0] = bytes;
    taken += bytes;
    // Real device memory is not zeroed either: what is read before it is written shows.
    memset((char*) block + 256, 0x5a, bytes);
    *pointer = (CUdeviceptr) ((char*) block + 256);
    return 0;
}
CUresult cuMemFree_v2(CUdeviceptr pointer) {
    size_t* block = (size_t*) ((char*) pointer - 256);
    taken -= block[0];
    free(block);
    return 0;
}
CUresult cuMemAllocHost_v2(void** pointer, size_t bytes) { CALL("cuMemAllocHost"); *pointer = malloc(bytes); return 0; }
CUresult cuMemFreeHost(void* pointer) { free(pointer); return 0; }
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, void*) { memcpy((void*) to, from, bytes); return 0; }
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, void*) { memcpy(to, (void*) from, bytes); return 0; }

CUresult cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned, unsigned bx, unsigned by, unsigned, unsigned, void*, void** args, void**) {
    CALL("cuLaunchKernel");
    blockDim = {bx, by, 1};
    for (unsigned y = 0; y < gy; y++)
        for (unsigned x = 0; x < gx; x++)
            for (unsigned ty = 0; ty < by; ty++)
                for (unsigned tx = 0; tx < bx; tx++) {
                    blockIdx = {x, y, 0};
                    threadIdx = {tx, ty, 0};
                    ((Thread) function)(args);
                }
    // A fault inside a kernel shows at the next wait, as on a device.
    pending = failing("kernel");
    return 0;
}

}
