// The frame kernel of motion-video. WarpedRows.java does the same step by step; a test compares them.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

// Frame pixels from mesh node to mesh node, as WarpMesh.CELL.
#define CELL 8

// Steps of the filter table per sample, as Lanczos.PHASES.
#define PHASES 1024

// Samples repeated beyond the edges of a picture plane, as Plane.MARGIN.
#define MARGIN 16

static __device__ int clampInt(int value, int low, int high) {
    return value < low ? low : (value > high ? high : value);
}

static __device__ float clampFloat(float value, float low, float high) {
    return fminf(fmaxf(value, low), high);
}

static __device__ float coverage(float at, float edge, float footprint) {
    return clampFloat(fminf(at, edge - at) / footprint + 0.5f, 0.0f, 1.0f);
}

// The picture at a point: a separable filter over taps by taps samples.
static __device__ float sample(const float* source, int width, int height, const float* weights, int taps, float x, float y) {
    const int stride = width + 2 * MARGIN;
    const float shiftedX = x - 0.5f;
    const float shiftedY = y - 0.5f;
    const float wholeX = floorf(shiftedX);
    const float wholeY = floorf(shiftedY);
    const float* weightsX = weights + taps * (int) ((shiftedX - wholeX) * PHASES + 0.5f);
    const float* weightsY = weights + taps * (int) ((shiftedY - wholeY) * PHASES + 0.5f);
    const int left = clampInt((int) wholeX - taps / 2 + 1, -MARGIN, width + MARGIN - taps);
    const int top = clampInt((int) wholeY - taps / 2 + 1, -MARGIN, height + MARGIN - taps);
    const float* row = source + (long long) (top + MARGIN) * stride + left + MARGIN;
    float sum = 0.0f;
    for (int j = 0; j < taps; j++, row += stride) {
        float across = 0.0f;
        for (int i = 0; i < taps; i++) {
            across += weightsX[i] * row[i];
        }
        sum += weightsY[j] * across;
    }
    return sum;
}

// Makes one plane of one frame; one thread per sample.
//
// source    picture plane of (width + 2 MARGIN) x (height + 2 MARGIN) floats
// edgeX/Y   where the picture ends, in samples of the plane
// mesh      picture coordinates (x, y) of the nodes, meshColumns pairs per row
// weights   (PHASES + 1) groups of taps
// footprint picture samples per frame pixel
// backdrop  the same plane of the frame behind the picture; null when the picture fills the frame
// step      frame pixels per sample of the target: 1 for brightness, 2 for colour
// offsetX/Y frame coordinate of the first sample
extern "C" __global__ void warp_plane(
        const float* __restrict__ source, int width, int height, float edgeX, float edgeY,
        const float* __restrict__ mesh, int meshColumns,
        const float* __restrict__ weights, int taps, float footprint,
        const unsigned char* __restrict__ backdrop,
        unsigned char* __restrict__ target, int targetWidth, int targetHeight,
        int step, float offsetX, float offsetY, float low, float high) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const int j = blockIdx.y * blockDim.y + threadIdx.y;
    if (i >= targetWidth || j >= targetHeight) {
        return;
    }
    const float cellX = (i * step + offsetX) / CELL;
    const float cellY = (j * step + offsetY) / CELL;
    const int nodeX = (int) cellX;
    const int nodeY = (int) cellY;
    const float fx = cellX - nodeX;
    const float fy = cellY - nodeY;
    const float* upper = mesh + 2 * (nodeY * meshColumns + nodeX);
    const float* lower = upper + 2 * meshColumns;
    const float upperX = upper[0] + fx * (upper[2] - upper[0]);
    const float upperY = upper[1] + fx * (upper[3] - upper[1]);
    const float lowerX = lower[0] + fx * (lower[2] - lower[0]);
    const float lowerY = lower[1] + fx * (lower[3] - lower[1]);
    const float scale = 1.0f / step;
    const float x = scale * (upperX + fy * (lowerX - upperX));
    const float y = scale * (upperY + fy * (lowerY - upperY));

    const int at = j * targetWidth + i;
    float value;
    if (backdrop == 0) {
        value = sample(source, width, height, weights, taps, x, y);
    } else {
        const float share = coverage(x, edgeX, footprint) * coverage(y, edgeY, footprint);
        const float behind = (float) backdrop[at];
        value = behind;
        if (share > 0.0f) {
            value += share * (sample(source, width, height, weights, taps, x, y) - behind);
        }
    }
    target[at] = (unsigned char) (clampFloat(value, low, high) + 0.5f);
}
