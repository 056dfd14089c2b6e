// TEST DOUBLE, never shipped: a stand-in for NVIDIA's libcuda.so.1 that runs the kernels of src/main/cuda on the processor.
//
// It is compiled by g++ while the tests run (CudaStandIn.java) together with the unchanged .cu files, so that the whole host
// path - JCuda, contexts, module loading, pinned memory, streams, events, launches - runs on machines without a GPU. It
// proves the host code and the kernel's arithmetic. It proves nothing about speed, and nothing about real memory ordering:
// every call is done when it returns. Threads of kernels with barriers or warp shuffles take turns, from barrier to barrier;
// a shuffle counts as two barriers, so every thread of a block must come by it.
//
// Environment: CUDA_STANDIN_DEVICES (default 1) devices; with 0, cuInit fails like a driver without a device.
// CUDA_STANDIN_FAIL=name:code lets the function of that name fail with that code.

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <tuple>
#include <ucontext.h>
#include <utility>
#include <vector>

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
struct Dim { unsigned x, y, z; };

#define __global__
#define __device__
#define __shared__ static
struct float4 { float x, y, z, w; };
static Dim blockIdx, blockDim, gridDim, threadIdx;

// ---- Threads that wait for each other

static const size_t STACK_BYTES = 32 << 10;
static const unsigned MOST_THREADS = 1024;
static ucontext_t turns, threads[MOST_THREADS];
static std::vector<char> stacks;
static bool ended[MOST_THREADS];
static float shuffled[MOST_THREADS];
static unsigned running;

static void __syncthreads() { swapcontext(&threads[running], &turns); }

static float __shfl_xor_sync(unsigned, float value, int mask) {
    const unsigned me = running;
    shuffled[me] = value;
    __syncthreads();
    const float other = shuffled[me ^ mask];
    __syncthreads();
    return other;
}

static void (*body)(void** args);
static void** bodyArgs;
static void begin() {
    body(bodyArgs);
    ended[running] = true;
}

// Runs a block whose threads take turns. Only blocks with one row of threads.
static void takeTurns(void (*thread)(void**), void** args, unsigned count) {
    stacks.resize(MOST_THREADS * STACK_BYTES);
    body = thread;
    bodyArgs = args;
    for (unsigned i = 0; i < count; i++) {
        getcontext(&threads[i]);
        threads[i].uc_stack.ss_sp = &stacks[i * STACK_BYTES];
        threads[i].uc_stack.ss_size = STACK_BYTES;
        threads[i].uc_link = &turns;
        makecontext(&threads[i], begin, 0);
        ended[i] = false;
    }
    for (bool waiting = true; waiting;) {
        waiting = false;
        for (running = 0; running < count; running++) {
            if (ended[running]) continue;
            threadIdx = {running, 0, 0};
            swapcontext(&turns, &threads[running]);
            waiting |= !ended[running];
        }
    }
}

// ---- Kernels

// Every file of kernels in a namespace of its own: their helpers share names, as they may.
namespace ceiling {
#include "ceiling.cu"
}
namespace motion {
#include "motion.cu"
}
namespace scene {
#include "scene.cu"
}
namespace text {
#include "text.cu"
}
namespace upscale {
#include "upscale.cu"
}

// What is recorded instead of done, and of which stream.
typedef std::vector<std::function<CUresult()>> Recording;
static void* recordedStream = nullptr;
static Recording* recording = nullptr;

static const size_t DEVICE_BYTES = 64u << 20;
static size_t taken = 0;
static int pending = 0;

static std::atomic<long> handles{16};
static std::map<void*, std::chrono::steady_clock::time_point> clocks;

// With CUDA_STANDIN_LOG: one line for every call that orders work, so that a test can see what overlaps what.
static void note(const char* call, void* stream, void* event) {
    static FILE* log = getenv("CUDA_STANDIN_LOG") ? fopen(getenv("CUDA_STANDIN_LOG"), "w") : nullptr;
    if (log) {
        fprintf(log, "%s %ld %ld\n", call, (long) stream, (long) event);
        fflush(log);
    }
}

static CUresult failing(const char* name) {
    const char* wanted = getenv("CUDA_STANDIN_FAIL");
    size_t length = strlen(name);
    return wanted && !strncmp(wanted, name, length) && wanted[length] == ':' ? atoi(wanted + length + 1) : 0;
}

static int devices() {
    const char* set = getenv("CUDA_STANDIN_DEVICES");
    return set ? atoi(set) : 1;
}

// Slots are threads; the kernels' globals are not theirs alone.
static std::recursive_mutex one;
#define ALONE std::lock_guard<std::recursive_mutex> alone(one)

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

// Parameters for later: a recorded launch keeps the values, as cuStreamBeginCapture says.
typedef std::function<void(std::function<void(void**)>)> Kept;
template <typename... A, size_t... I> static Kept keep(void (*)(A...), void** args, std::index_sequence<I...>) {
    std::tuple<std::remove_const_t<A>...> values{*(std::remove_const_t<A>*) args[I]...};
    return [values](std::function<void(void**)> use) mutable {
        void* pointers[] = {(void*) &std::get<I>(values)...};
        use(pointers);
    };
}
template <typename... A> static Kept keep(void (*kernel)(A...), void** args) {
    return keep(kernel, args, std::index_sequence_for<A...>());
}
template <auto kernel> static Kept kept(void** args) { return keep(kernel, args); }

struct Kernel { const char* name; Thread thread; bool waits; Kept (*kept)(void**); };
static const Kernel KERNELS[] = {
    {"copy_numbers", thread<ceiling::copy_numbers>, false, kept<ceiling::copy_numbers>},
    {"multiply_add", thread<ceiling::multiply_add>, false, kept<ceiling::multiply_add>},
    {"warp_plane", thread<motion::warp_plane>, false, kept<motion::warp_plane>},
    {"render_scene", thread<scene::render_scene>, false, kept<scene::render_scene>},
    {"denoise_planes", thread<upscale::denoise_planes>, false, kept<upscale::denoise_planes>},
    {"embed_token", thread<text::embed_token>, false, kept<text::embed_token>},
    {"rms_norm", thread<text::rms_norm>, true, kept<text::rms_norm>},
    {"mat_vec", thread<text::mat_vec>, true, kept<text::mat_vec>},
    {"rope_keep", thread<text::rope_keep>, false, kept<text::rope_keep>},
    {"attend", thread<text::attend>, true, kept<text::attend>},
    {"swiglu", thread<text::swiglu>, false, kept<text::swiglu>},
    {"enlarge_plane", thread<upscale::enlarge_plane>, false, kept<upscale::enlarge_plane>},
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
            *function = (void*) &kernel;
            return 0;
        }
    return 500;
}

CUresult cuStreamCreate(void** stream, unsigned) { *stream = (void*) ++handles; return 0; }
CUresult cuStreamDestroy_v2(void*) { return 0; }
CUresult cuStreamWaitEvent(void* stream, void* event, unsigned) { note("order", stream, event); return 0; }
CUresult cuStreamSynchronize(void* stream) { CALL("cuStreamSynchronize"); note("drain", stream, nullptr); return pending; }
CUresult cuEventCreate(void** event, unsigned) { *event = (void*) ++handles; return 0; }
CUresult cuEventRecord(void* event, void* stream) {
    ALONE;
    note("record", stream, event);
    clocks[event] = std::chrono::steady_clock::now();
    return 0;
}
CUresult cuEventElapsedTime(float* millis, void* from, void* to) {
    ALONE;
    *millis = std::chrono::duration<float, std::milli>(clocks[to] - clocks[from]).count();
    return 0;
}
CUresult cuEventSynchronize(void* event) { CALL("cuEventSynchronize"); note("wait", nullptr, event); return pending; }
CUresult cuEventDestroy_v2(void*) { return 0; }

CUresult cuMemAlloc_v2(CUdeviceptr* pointer, size_t bytes) {
    ALONE;
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
    ALONE;
    size_t* block = (size_t*) ((char*) pointer - 256);
    taken -= block[0];
    free(block);
    return 0;
}
CUresult cuMemAllocHost_v2(void** pointer, size_t bytes) { CALL("cuMemAllocHost"); *pointer = malloc(bytes); return 0; }
CUresult cuMemFreeHost(void* pointer) { free(pointer); return 0; }
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, void* stream) {
    if (recording && stream == recordedStream) {
        recording->push_back([=] { return cuMemcpyHtoDAsync_v2(to, from, bytes, stream); });
        return 0;
    }
    note("upload", stream, nullptr);
    memcpy((void*) to, from, bytes);
    return 0;
}
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, void* stream) {
    if (recording && stream == recordedStream) {
        recording->push_back([=] { return cuMemcpyDtoHAsync_v2(to, from, bytes, stream); });
        return 0;
    }
    note("download", stream, nullptr);
    memcpy(to, (void*) from, bytes);
    return 0;
}

CUresult cuStreamBeginCapture_v2(void* stream, int) {
    ALONE;
    CALL("cuStreamBeginCapture");
    if (recording) return 904;
    recordedStream = stream;
    recording = new Recording();
    return 0;
}
CUresult cuStreamEndCapture(void* stream, void** graph) {
    ALONE;
    if (!recording || stream != recordedStream) return 905;
    *graph = recording;
    recording = nullptr;
    return 0;
}
CUresult cuGraphInstantiateWithFlags(void** ready, void* graph, unsigned long long) {
    CALL("cuGraphInstantiate");
    *ready = new Recording(*(Recording*) graph);
    return 0;
}
CUresult cuGraphLaunch(void* ready, void* stream) {
    ALONE;
    CALL("cuGraphLaunch");
    note("graph", stream, nullptr);
    for (auto& call : *(Recording*) ready)
        if (CUresult code = call()) return code;
    return 0;
}
CUresult cuGraphDestroy(void* graph) { delete (Recording*) graph; return 0; }
CUresult cuGraphExecDestroy(void* ready) { delete (Recording*) ready; return 0; }

CUresult cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned, unsigned bx, unsigned by, unsigned, unsigned, void* stream, void** args, void**) {
    ALONE;
    if (recording && stream == recordedStream) {
        Kept kept = ((const Kernel*) function)->kept(args);
        recording->push_back([=] {
            CUresult code = 0;
            kept([&](void** values) { code = cuLaunchKernel(function, gx, gy, 1, bx, by, 1, 0, stream, values, nullptr); });
            return code;
        });
        return 0;
    }
    note("launch", stream, nullptr);
    CALL("cuLaunchKernel");
    blockDim = {bx, by, 1};
    gridDim = {gx, gy, 1};
    const Kernel& kernel = *(const Kernel*) function;
    for (unsigned y = 0; y < gy; y++)
        for (unsigned x = 0; x < gx; x++) {
            if (kernel.waits) {
                blockIdx = {x, y, 0};
                takeTurns(kernel.thread, args, bx);
                continue;
            }
            for (unsigned ty = 0; ty < by; ty++)
                for (unsigned tx = 0; tx < bx; tx++) {
                    blockIdx = {x, y, 0};
                    threadIdx = {tx, ty, 0};
                    kernel.thread(args);
                }
        }
    // A fault inside a kernel shows at the next wait, as on a device.
    pending = failing("kernel");
    return 0;
}

}
