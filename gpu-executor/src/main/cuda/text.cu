// The kernels of tiny-text: one step of a Llama-style transformer, one token at a time. CpuTextEngine.java does the same; a
// test compares them. Blocks are rows of threads; the test-only stand-in for a GPU runs barriers and shuffles as well.

#define WARP 32
#define THREADS 256

static __device__ float warpSum(float value) {
    for (int lane = WARP / 2; lane > 0; lane /= 2) {
        value += __shfl_xor_sync(0xffffffffu, value, lane);
    }
    return value;
}

// The sum over a block of THREADS, for every thread of it. The shared memory may be used again after it.
static __device__ float blockSum(float value, float* shared) {
    const int warp = threadIdx.x / WARP;
    value = warpSum(value);
    if (threadIdx.x % WARP == 0) {
        shared[warp] = value;
    }
    __syncthreads();
    float sum = 0.0f;
    for (int i = 0; i < THREADS / WARP; i++) {
        sum += shared[i];
    }
    __syncthreads();
    return sum;
}

// One row of the embedding becomes the stream.
//
// told  the token and its position: in memory, so that every step is the same launches
extern "C" __global__ void embed_token(const float* __restrict__ table, const int* __restrict__ told, float* __restrict__ x, int size) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < size) {
        x[i] = table[(long long) told[0] * size + i];
    }
}

// Root mean square norm; one block of THREADS.
extern "C" __global__ void rms_norm(const float* __restrict__ x, const float* __restrict__ weight, float* __restrict__ out, int size, float epsilon) {
    __shared__ float shared[THREADS / WARP];
    float squares = 0.0f;
    for (int i = threadIdx.x; i < size; i += THREADS) {
        squares += x[i] * x[i];
    }
    const float scale = 1.0f / sqrtf(blockSum(squares, shared) / size + epsilon);
    for (int i = threadIdx.x; i < size; i += THREADS) {
        out[i] = weight[i] * (x[i] * scale);
    }
}

// A matrix of (rows, columns) times a vector, added to what is there or not; one warp per row.
extern "C" __global__ void mat_vec(const float* __restrict__ matrix, const float* __restrict__ x, float* __restrict__ out, int rows, int columns, int add) {
    const int row = blockIdx.x * (THREADS / WARP) + threadIdx.x / WARP;
    const int lane = threadIdx.x % WARP;
    const float* line = matrix + (long long) (row < rows ? row : 0) * columns;
    float sum = 0.0f;
    for (int i = lane; i < columns; i += WARP) {
        sum += line[i] * x[i];
    }
    sum = warpSum(sum);
    if (lane == 0 && row < rows) {
        out[row] = add ? out[row] + sum : sum;
    }
}

// Turns queries and keys by their position (the halves of each head against each other), and keeps keys and values.
// One thread per pair of a head; angles holds cosine and sine of this position, half a head each.
extern "C" __global__ void rope_keep(
        float* __restrict__ queries, const float* __restrict__ keys, const float* __restrict__ values,
        const float* __restrict__ angles, float* __restrict__ keptKeys, float* __restrict__ keptValues,
        const int* __restrict__ told, int heads, int keyHeads, int half) {
    const int position = told[1];
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= heads * half) {
        return;
    }
    const int head = i / half;
    const int pair = i % half;
    const int at = head * 2 * half + pair;
    const float cosine = angles[pair];
    const float sine = angles[half + pair];
    const float a = queries[at];
    const float b = queries[at + half];
    queries[at] = a * cosine - b * sine;
    queries[at + half] = b * cosine + a * sine;
    if (head < keyHeads) {
        const long long kept = (long long) position * keyHeads * 2 * half + at;
        const float c = keys[at];
        const float d = keys[at + half];
        keptKeys[kept] = c * cosine - d * sine;
        keptKeys[kept + half] = d * cosine + c * sine;
        keptValues[kept] = values[at];
        keptValues[kept + half] = values[at + half];
    }
}

// Attention of one token to all before it and itself; one block of THREADS per head.
//
// scores  room for context numbers per head
// group   heads that share a key head
extern "C" __global__ void attend(
        const float* __restrict__ queries, const float* __restrict__ keptKeys, const float* __restrict__ keptValues,
        float* __restrict__ scores, float* __restrict__ out, const int* __restrict__ told, int context, int size, int group, int keyWidth) {
    const int position = told[1];
    __shared__ float shared[THREADS / WARP];
    const int head = blockIdx.x;
    const float* query = queries + head * size;
    const float* keys = keptKeys + head / group * size;
    const float* values = keptValues + head / group * size;
    float* mine = scores + (long long) head * context;
    const float scale = 1.0f / sqrtf((float) size);
    for (int t = threadIdx.x; t <= position; t += THREADS) {
        float sum = 0.0f;
        for (int i = 0; i < size; i++) {
            sum += query[i] * keys[(long long) t * keyWidth + i];
        }
        mine[t] = sum * scale;
    }
    __syncthreads();
    // Every thread finds the largest by itself: the numbers are few and near.
    float largest = mine[0];
    for (int t = 1; t <= position; t++) {
        largest = fmaxf(largest, mine[t]);
    }
    __syncthreads();
    float total = 0.0f;
    for (int t = threadIdx.x; t <= position; t += THREADS) {
        mine[t] = expf(mine[t] - largest);
        total += mine[t];
    }
    total = blockSum(total, shared);
    for (int i = threadIdx.x; i < size; i += THREADS) {
        float sum = 0.0f;
        for (int t = 0; t <= position; t++) {
            sum += mine[t] * values[(long long) t * keyWidth + i];
        }
        out[head * size + i] = sum / total;
    }
}

// SwiGLU: the gate, bent, times the other half; in the gate's place.
extern "C" __global__ void swiglu(float* __restrict__ gate, const float* __restrict__ up, int size) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < size) {
        gate[i] = gate[i] / (1.0f + expf(-gate[i])) * up[i];
    }
}
