// What a card can do at best, for `./auspex bench gpu`: other kernels are held against these. Never used by a model.

// Copies numbers; grid-stride, 16 bytes at a time.
extern "C" __global__ void copy_numbers(const float4* __restrict__ from, float4* __restrict__ to, int count) {
    const int all = gridDim.x * blockDim.x;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += all) {
        to[i] = from[i];
    }
}

// Eight independent chains of multiply-add per thread; writes so that nothing can be left out.
extern "C" __global__ void multiply_add(float* __restrict__ out, int rounds, float factor) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float a = i * 1e-6f;
    float b = a + 1.0f;
    float c = a + 2.0f;
    float d = a + 3.0f;
    float e = a + 4.0f;
    float f = a + 5.0f;
    float g = a + 6.0f;
    float h = a + 7.0f;
    for (int k = 0; k < rounds; k++) {
        a = fmaf(a, factor, 0.5f);
        b = fmaf(b, factor, 0.5f);
        c = fmaf(c, factor, 0.5f);
        d = fmaf(d, factor, 0.5f);
        e = fmaf(e, factor, 0.5f);
        f = fmaf(f, factor, 0.5f);
        g = fmaf(g, factor, 0.5f);
        h = fmaf(h, factor, 0.5f);
    }
    out[i] = a + b + c + d + e + f + g + h;
}
