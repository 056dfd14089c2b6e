// The kernels of upscale. Denoiser.java and EnlargedRows.java do the same; a test compares them.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

// Samples repeated beyond the edges of a plane, as Plane.MARGIN.
#define UPSCALE_MARGIN 16

// How far similar places are looked for, and how large a place is, as Denoiser.SEARCH and Denoiser.PATCH.
#define SEARCH 5
#define PATCH 2

// Taps of a filter and the floats of its entry in the table, as ScaleFilter.TAPS and ScaleFilter.ENTRY.
#define TAPS 6
#define ENTRY 7

// Non-local means: every sample becomes the mean of those nearby whose surroundings look alike. One thread per sample,
// margin included, so that the next kernel can read over the edge.
//
// guide    the plane in which places are compared; all planes are width x height with a margin
// source*  one to three planes that get the same weights; the others are null
// inverse  1 / the sum of squared differences at which a place no longer counts
extern "C" __global__ void denoise_planes(
        const float* __restrict__ guide, int width, int height,
        const float* __restrict__ source0, const float* __restrict__ source1, const float* __restrict__ source2,
        float* __restrict__ target0, float* __restrict__ target1, float* __restrict__ target2,
        float inverse) {
    const int stride = width + 2 * UPSCALE_MARGIN;
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const int j = blockIdx.y * blockDim.y + threadIdx.y;
    if (i >= stride || j >= height + 2 * UPSCALE_MARGIN) {
        return;
    }
    // In the margin, what the nearest sample gets.
    const int x = i < UPSCALE_MARGIN ? 0 : (i - UPSCALE_MARGIN < width ? i - UPSCALE_MARGIN : width - 1);
    const int y = j < UPSCALE_MARGIN ? 0 : (j - UPSCALE_MARGIN < height ? j - UPSCALE_MARGIN : height - 1);
    const long long centre = (long long) (y + UPSCALE_MARGIN) * stride + x + UPSCALE_MARGIN;
    float total = 0.0f;
    float sum0 = 0.0f;
    float sum1 = 0.0f;
    float sum2 = 0.0f;
    for (int dy = -SEARCH; dy <= SEARCH; dy++) {
        for (int dx = -SEARCH; dx <= SEARCH; dx++) {
            const long long there = centre + (long long) dy * stride + dx;
            float distance = 0.0f;
            for (int v = -PATCH; v <= PATCH; v++) {
                float across = 0.0f;
                for (int u = -PATCH; u <= PATCH; u++) {
                    const float difference = guide[centre + (long long) v * stride + u] - guide[there + (long long) v * stride + u];
                    across += difference * difference;
                }
                distance += across;
            }
            const float alike = fmaxf(0.0f, 1.0f - distance * inverse);
            const float weight = alike * alike;
            total += weight;
            sum0 += weight * source0[there];
            if (source1 != 0) {
                sum1 += weight * source1[there];
            }
            if (source2 != 0) {
                sum2 += weight * source2[there];
            }
        }
    }
    const long long at = (long long) j * stride + i;
    target0[at] = sum0 / total;
    if (target1 != 0) {
        target1[at] = sum1 / total;
    }
    if (target2 != 0) {
        target2[at] = sum2 / total;
    }
}

// Enlarges rows of one plane by a whole number; one thread per sample of the result.
//
// source       plane of width samples per row, with a margin
// across, down filters for every phase: TAPS weights, then where they begin
// target       the first sample; step bytes to the next, stride bytes to the next row
extern "C" __global__ void enlarge_plane(
        const float* __restrict__ source, int width,
        const float* __restrict__ across, const float* __restrict__ down, int scale,
        unsigned char* __restrict__ target, int targetWidth, int fromRow, int rows, int step, int stride) {
    const int x = blockIdx.x * blockDim.x + threadIdx.x;
    const int row = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= targetWidth || row >= rows) {
        return;
    }
    const int y = fromRow + row;
    const float* acrossHere = across + x % scale * ENTRY;
    const float* downHere = down + y % scale * ENTRY;
    const int left = x / scale + (int) acrossHere[TAPS];
    const int top = y / scale + (int) downHere[TAPS];
    const long long sourceStride = width + 2 * UPSCALE_MARGIN;
    float sum = 0.0f;
    for (int i = 0; i < TAPS; i++) {
        const float* at = source + (top + UPSCALE_MARGIN) * sourceStride + left + UPSCALE_MARGIN + i;
        float column = 0.0f;
        for (int j = 0; j < TAPS; j++, at += sourceStride) {
            column += downHere[j] * *at;
        }
        sum += acrossHere[i] * column;
    }
    target[(long long) row * stride + (long long) x * step] = (unsigned char) (fminf(fmaxf(sum, 0.0f), 255.0f) + 0.5f);
}
