// Part of scene.cu: the bodies of every family as distances.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

// ---- Bodies

static __device__ ONCE float waves(const float* u, float x, float z, int octaves) {
    float dx = 0.8f;
    float dz = 0.6f;
    float frequency = 0.22f;
    float weight = 1.0f;
    float sum = 0.0f;
    float total = 0.0f;
#pragma unroll 1
    for (int i = 0; i < octaves; i++) {
        const float phase = (dx * x + dz * z) * frequency + u[TIME] * (0.9f + 0.35f * i) + u[SEED] * 6.0f + 1.3f * i;
        const float crest = expf(sinf(phase) - 1.0f);
        const float pull = cosf(phase) * crest * weight * 0.6f;
        sum += crest * weight;
        total += weight;
        x -= dx * pull;
        z -= dz * pull;
        // Every wave comes from another side.
        const float turned = -0.737f * dx - 0.676f * dz;
        dz = 0.676f * dx - 0.737f * dz;
        dx = turned;
        frequency *= 1.38f;
        weight *= 0.72f;
    }
    return u[AMOUNT] * (2.6f * sum / total - 1.3f);
}

static __device__ ONCE float rocks(const float* u, float x, float y, float z, float* border) {
    // One rock in some of the cells.
    const float size = 34.0f;
    const float cx = floorf(x / size);
    const float cz = floorf(z / size);
    const int i = (int) cx;
    const int j = (int) cz;
    const int salt = (int) (u[SEED] * 900.0f);
    const float edge = fminf(fminf(x - cx * size, (cx + 1.0f) * size - x), fminf(z - cz * size, (cz + 1.0f) * size - z));
    *border = fminf(*border, edge + 3.0f);
    if (chance(i, j, salt) > 0.45f) {
        return FAR;
    }
    const float px = x - (cx + 0.3f + 0.4f * chance(i, j, salt + 1)) * size;
    const float pz = z - (cz + 0.3f + 0.4f * chance(i, j, salt + 2)) * size;
    const float wide = 2.0f + 3.5f * chance(i, j, salt + 3);
    const float high = wide * (0.7f + 1.3f * chance(i, j, salt + 4));
    const float away = sqrtf(px * px + pz * pz) - 1.6f * wide;
    if (away > 3.0f) {
        return away;
    }
    const float rough = cloud2(x * 0.5f + 0.3f * y, z * 0.5f - 0.4f * y, 4);
    const float qx = px / wide;
    const float qy = y / high;
    const float qz = pz / wide;
    return (sqrtf(qx * qx + qy * qy + qz * qz) - 0.72f - 0.55f * rough) * fminf(wide, high) * 0.5f;
}

// Half width and height of the building in a cell of a city.
static __device__ float buildingHeight(const float* u, int i, int j) {
    const int salt = (int) (u[SEED] * 900.0f);
    const float downtown = noise2(i * 0.17f + 9.1f * u[SEED], j * 0.17f);
    const float h = chance(i, j, salt);
    return 3.0f + 30.0f * u[AMOUNT] * downtown * downtown * (0.3f + h) + 5.0f * h;
}

static __device__ float box(float x, float y, float z, float hx, float hy, float hz) {
    const float qx = fabsf(x) - hx;
    const float qy = fabsf(y) - hy;
    const float qz = fabsf(z) - hz;
    const float ox = fmaxf(qx, 0.0f);
    const float oy = fmaxf(qy, 0.0f);
    const float oz = fmaxf(qz, 0.0f);
    return sqrtf(ox * ox + oy * oy + oz * oz) + fminf(fmaxf(qx, fmaxf(qy, qz)), 0.0f);
}

// Cells of a city are 10 wide: a building of at most 7.4 and the streets around it.
static __device__ ONCE float city(const float* u, float x, float y, float z, float* border) {
    const float cx = floorf(x / 10.0f);
    const float cz = floorf(z / 10.0f);
    const int i = (int) cx;
    const int j = (int) cz;
    const float lx = x - (cx + 0.5f) * 10.0f;
    const float lz = z - (cz + 0.5f) * 10.0f;
    const float height = buildingHeight(u, i, j);
    const float wide = 2.7f + chance(i, j, 11);
    const float deep = 2.7f + chance(i, j, 12);
    float d = box(lx, y, lz, wide, height, deep);
    if (height > 11.0f) {
        // Tall ones end in a narrower part, the tallest in a mast.
        d = fminf(d, box(lx, y - height, lz, 0.66f * wide, 0.28f * height, 0.66f * deep));
        if (chance(i, j, 13) > 0.5f) {
            d = fminf(d, box(lx, y - 1.28f * height, lz, 0.12f, 0.22f * height, 0.12f));
        }
    } else {
        d = fminf(d, box(lx - 0.8f, y - height, lz + 0.6f, 0.7f, 0.7f, 0.8f));
    }
    // Not past the border: another building may stand right behind it.
    *border = fminf(*border, 6.3f - fmaxf(fabsf(lx), fabsf(lz)));
    return fminf(d, y);
}

static __device__ ONCE float ground(const float* u, float x, float z, int octaves) {
    const float s = 40.0f * u[SEED];
    const float wide = noise2(x * 0.011f + s, z * 0.011f - s);
    return u[AMOUNT] * (30.0f * wide * wide + 13.0f * cloud2(x * 0.045f + s, z * 0.045f, octaves)) - 8.0f;
}

static __device__ ONCE float trees(const float* u, float x, float y, float z, float* border) {
    const float size = 2.6f;
    const float cx = floorf(x / size);
    const float cz = floorf(z / size);
    const int i = (int) cx;
    const int j = (int) cz;
    const float edge = fminf(fminf(x - cx * size, (cx + 1.0f) * size - x), fminf(z - cz * size, (cz + 1.0f) * size - z));
    *border = fminf(*border, edge + 0.35f);
    const float wood = noise2(cx * 0.11f + 3.0f * u[SEED], cz * 0.11f);
    if (chance(i, j, 21) > 2.4f * wood - 0.55f) {
        return FAR;
    }
    const float tx = (cx + 0.38f + 0.24f * chance(i, j, 22)) * size;
    const float tz = (cz + 0.38f + 0.24f * chance(i, j, 23)) * size;
    const float high = 1.9f + 2.3f * chance(i, j, 24);
    const float foot = ground(u, tx, tz, 3) - 0.15f;
    const float t = clip((y - foot) / high, 0.0f, 1.0f);
    // Tiers of branches.
    const float tier = fraction(t * 4.0f);
    const float reach = 0.34f * high * (1.0f - t) * (1.06f - 0.42f * tier);
    const float away = sqrtf((x - tx) * (x - tx) + (z - tz) * (z - tz));
    const float side = (away - reach) * 0.72f;
    return fmaxf(side, fmaxf(foot - y, y - foot - high));
}

static __device__ ONCE float hills(const float* u, float x, float y, float z, float* border) {
    const float above = y - ground(u, x, z, 5);
    if (above > 6.5f) {
        return (above - 4.0f) * 0.55f;
    }
    return fminf(above * 0.6f, trees(u, x, y, z, border));
}

static __device__ float ballRadius(const float* u, int i, int j) {
    return 0.35f + 0.5f * chance(i, j, 31 + (int) (u[SEED] * 900.0f));
}

static __device__ ONCE float spheres(const float* u, float x, float y, float z, float* border) {
    const float t = u[TIME];
    const float s = u[SEED] * 20.0f;
    // A body of drops in the middle.
    float body = 1000.0f;
    const float middle = sqrtf(x * x + (y - 2.6f) * (y - 2.6f) + z * z);
    if (middle > 5.2f) {
        body = middle - 4.2f;
    } else {
#pragma unroll 1
        for (int i = 0; i < 7; i++) {
            const float a = s + 2.1f * i;
            const float px = x - 1.5f * sinf(0.61f * t + a);
            const float py = y - 2.7f - 1.1f * sinf(0.83f * t + 1.7f * a);
            const float pz = z - 1.5f * cosf(0.53f * t + 1.3f * a);
            body = join(body, sqrtf(px * px + py * py + pz * pz) - 0.55f - 0.09f * i, 0.7f);
        }
    }
    // Balls on the floor around it, which rise and sink.
    const float size = 2.4f;
    const float cx = floorf(x / size);
    const float cz = floorf(z / size);
    const int i = (int) cx;
    const int j = (int) cz;
    const float lx = x - (cx + 0.5f) * size;
    const float lz = z - (cz + 0.5f) * size;
    const float radius = ballRadius(u, i, j);
    const float lift = 0.5f + 0.5f * sinf(t * 1.1f + 6.28f * chance(i, j, 33));
    const float ly = y - radius - 0.7f * lift * lift;
    float ball = sqrtf(lx * lx + ly * ly + lz * lz) - radius;
    const float fromMiddle = sqrtf((cx + 0.5f) * size * (cx + 0.5f) * size + (cz + 0.5f) * size * (cz + 0.5f) * size);
    if (fromMiddle < 3.6f) {
        ball = FAR;
    }
    *border = fminf(*border, 0.5f * size - fmaxf(fabsf(lx), fabsf(lz)) + 0.35f);
    return fminf(fminf(body, ball), y);
}

static __device__ float pathX(const float* u, float z) {
    return 2.4f * sinf(z * 0.083f + 6.0f * u[SEED]) + 1.1f * sinf(z * 0.031f);
}

static __device__ float pathY(const float* u, float z) {
    return 1.9f * cosf(z * 0.067f + 4.0f * u[SEED]);
}

static __device__ ONCE float tunnel(const float* u, float x, float y, float z) {
    const float qx = x - pathX(u, z);
    const float qy = y - pathY(u, z);
    const float r = sqrtf(qx * qx + qy * qy);
    const float a = atan2f(qy, qx);
    const float rib = fabsf(fraction(z * 0.25f) - 0.5f);
    const float ring = 0.34f * step01(0.40f, 0.47f, rib);
    // Eight flat sides with beams between them.
    const float side = fabsf(fraction(a * 1.2732395f) - 0.5f);
    const float beam = 0.16f * step01(0.44f, 0.48f, side);
    const float panel = 0.05f * step01(0.3f, 0.36f, fabsf(fraction(z * 1.0f) - 0.5f)) * step01(0.1f, 0.2f, side);
    return (3.3f - r - fmaxf(ring, beam) + panel * u[AMOUNT]) * 0.6f;
}

static __device__ ONCE float planets(const float* u, float x, float y, float z) {
    const float main = sqrtf(x * x + y * y + z * z) - 5.0f;
    const float t = 0.12f * u[TIME] + 6.28f * u[SEED];
    const float mx = x - 11.5f * cosf(t);
    const float my = y - 1.6f * sinf(1.7f * t);
    const float mz = z - 11.5f * sinf(t);
    float moon = sqrtf(mx * mx + my * my + mz * mz) - 0.95f;
    const float nx = x + 8.2f * cosf(1.6f * t + 1.0f);
    const float ny = y - 2.1f * cosf(t);
    const float nz = z + 8.2f * sinf(1.6f * t + 1.0f);
    moon = fminf(moon, sqrtf(nx * nx + ny * ny + nz * nz) - 0.45f);
    return fminf(main, moon);
}

// How far the nearest body is, as far as the cell around the point knows; border says how far that may be trusted.
static __device__ ONCE float bodies(const float* u, float x, float y, float z, float* border) {
    switch ((int) u[FAMILY]) {
        case OCEAN: return fminf((y - waves(u, x, z, 6)) * 0.55f, rocks(u, x, y, z, border));
        case CITY: return city(u, x, y, z, border);
        case HILLS: return hills(u, x, y, z, border);
        case SPHERES: return spheres(u, x, y, z, border);
        case TUNNEL: return tunnel(u, x, y, z);
        default: return planets(u, x, y, z);
    }
}

static __device__ ONCE float body(const float* u, float x, float y, float z) {
    float border = FAR;
    return bodies(u, x, y, z, &border);
}

static __device__ ONCE int material(const float* u, V3 p) {
    float border = FAR;
    switch ((int) u[FAMILY]) {
        case OCEAN: return rocks(u, p.x, p.y, p.z, &border) < (p.y - waves(u, p.x, p.z, 6)) * 0.55f ? ROCK : WATER;
        case CITY: return p.y < 0.05f ? STREET : BUILDING;
        case HILLS: return trees(u, p.x, p.y, p.z, &border) < (p.y - ground(u, p.x, p.z, 5)) * 0.6f ? TREE : GROUND;
        case SPHERES: return p.y < 0.02f ? FLOOR : BALL;
        case TUNNEL: return WALL;
        default: return p.x * p.x + p.y * p.y + p.z * p.z < 30.0f ? PLANET : MOON;
    }
}
