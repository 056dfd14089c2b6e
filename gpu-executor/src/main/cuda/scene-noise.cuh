// Part of scene.cu: what a frame is told, and noise.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

// What a frame is told, in the order of SceneUniforms.java.
#define FAMILY 0
#define TIME 1
#define SEED 2
#define NIGHT 3
#define EYE 4
#define RIGHT 7
#define UP 10
#define FORWARD 13
#define FOCAL 16
#define SUN 17
#define SUNLIGHT 20
#define ZENITH 23
#define HORIZON 26
#define FOG 29
#define COLOUR_A 30
#define COLOUR_B 33
#define COLOUR_C 36
#define CLOUDS 39
#define EXPOSURE 40
#define SATURATION 41
#define AMOUNT 42
#define FRAME 43

// Families, in the order of Family.java.
#define OCEAN 0
#define CITY 1
#define HILLS 2
#define SPHERES 3
#define TUNNEL 4
#define PLANETS 5

// Materials.
#define WATER 1
#define ROCK 2
#define STREET 3
#define BUILDING 4
#define GROUND 5
#define TREE 6
#define FLOOR 7
#define BALL 8
#define WALL 9
#define PLANET 10
#define MOON 11

#define STEPS 140
#define FAR 220.0f

// Functions that many others call are compiled once, not into each of them: the kernel would be a hundred times larger.
#ifdef __CUDACC__
#define ONCE __noinline__
#else
#define ONCE
#endif

struct V3 {
    float x, y, z;
};

static __device__ V3 vec(float x, float y, float z) {
    V3 v;
    v.x = x;
    v.y = y;
    v.z = z;
    return v;
}

static __device__ V3 at(const float* u, int i) {
    return vec(u[i], u[i + 1], u[i + 2]);
}

static __device__ V3 plus(V3 a, V3 b) {
    return vec(a.x + b.x, a.y + b.y, a.z + b.z);
}

static __device__ V3 times(V3 a, float s) {
    return vec(a.x * s, a.y * s, a.z * s);
}

static __device__ V3 tint(V3 a, V3 b) {
    return vec(a.x * b.x, a.y * b.y, a.z * b.z);
}

static __device__ float dot(V3 a, V3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static __device__ V3 unit(V3 a) {
    return times(a, 1.0f / sqrtf(dot(a, a)));
}

static __device__ V3 blend(V3 a, V3 b, float t) {
    return vec(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t);
}

static __device__ float clip(float v, float low, float high) {
    return fminf(fmaxf(v, low), high);
}

static __device__ float step01(float from, float to, float v) {
    const float t = clip((v - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

static __device__ float fraction(float v) {
    return v - floorf(v);
}

// ---- Noise

// 0 to 1 for three whole numbers, the same everywhere.
static __device__ float chance(int x, int y, int z) {
    unsigned h = (unsigned) x * 0x8da6b343u + (unsigned) y * 0xd8163841u + (unsigned) z * 0xcb1ab31fu;
    h = (h ^ (h >> 15)) * 0x2c1b3c6du;
    h = (h ^ (h >> 12)) * 0x297a2d39u;
    h = h ^ (h >> 15);
    return (float) (h & 0xffffffu) / 16777216.0f;
}

static __device__ ONCE float noise2(float x, float y) {
    const float fx = floorf(x);
    const float fy = floorf(y);
    const int i = (int) fx;
    const int j = (int) fy;
    const float tx = x - fx;
    const float ty = y - fy;
    const float a = tx * tx * (3.0f - 2.0f * tx);
    const float b = ty * ty * (3.0f - 2.0f * ty);
    const float low = chance(i, j, 7) + a * (chance(i + 1, j, 7) - chance(i, j, 7));
    const float high = chance(i, j + 1, 7) + a * (chance(i + 1, j + 1, 7) - chance(i, j + 1, 7));
    return low + b * (high - low);
}

static __device__ ONCE float noise3(float x, float y, float z) {
    const float fz = floorf(z);
    const int k = (int) fz;
    const float tz = z - fz;
    const float c = tz * tz * (3.0f - 2.0f * tz);
    // Two slices of the plane noise, far apart from each other.
    const float near = noise2(x + 57.31f * k, y - 31.17f * k);
    const float next = noise2(x + 57.31f * (k + 1), y - 31.17f * (k + 1));
    return near + c * (next - near);
}

static __device__ ONCE float cloud2(float x, float y, int octaves) {
    float sum = 0.0f;
    float weight = 0.5f;
#pragma unroll 1
    for (int i = 0; i < octaves; i++) {
        sum += weight * noise2(x, y);
        const float turned = 1.6f * x + 1.2f * y + 13.7f;
        y = 1.6f * y - 1.2f * x - 5.3f;
        x = turned;
        weight *= 0.5f;
    }
    return sum;
}

static __device__ ONCE float cloud3(V3 p, int octaves) {
    float sum = 0.0f;
    float weight = 0.5f;
#pragma unroll 1
    for (int i = 0; i < octaves; i++) {
        sum += weight * noise3(p.x, p.y, p.z);
        const float turned = 1.6f * p.x + 1.2f * p.z + 3.1f;
        p = vec(turned, 2.0f * p.y + 1.7f, 1.6f * p.z - 1.2f * p.x - 7.9f);
        weight *= 0.5f;
    }
    return sum;
}

// Joins two bodies softly over k.
static __device__ float join(float a, float b, float k) {
    const float h = clip(0.5f + 0.5f * (b - a) / k, 0.0f, 1.0f);
    return b + (a - b) * h - k * h * (1.0f - h);
}
