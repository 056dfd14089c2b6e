// Part of scene.cu: how rays meet bodies, the sky, and how everything looks.
// Only plain C inside the functions: the test-only stand-in for a GPU compiles this very file with g++.

// ---- Marching

// How far a ray goes before it meets something; FAR if nothing.
static __device__ ONCE float march(const float* u, V3 eye, V3 ray) {
    float t = 0.02f;
    float last = FAR;
    const int family = (int) u[FAMILY];
    const float top = family == OCEAN ? 12.0f : (family == HILLS ? 46.0f : (family == CITY ? 75.0f : (family == SPHERES ? 6.4f : 1e9f)));
    if (eye.y > top) {
        // Nothing is up there: begin where the ray comes down to it.
        if (ray.y >= -0.001f) {
            return FAR;
        }
        t = (eye.y - top) / -ray.y;
    }
    for (int i = 0; i < STEPS; i++) {
        const float y = eye.y + t * ray.y;
        if (t > FAR || (y > top && ray.y > 0.0f)) {
            return FAR;
        }
        float border = FAR;
        const float d = bodies(u, eye.x + t * ray.x, y, eye.z + t * ray.z, &border);
        if (d < 0.0006f * t + 0.0008f) {
            return t;
        }
        last = d;
        t += fminf(d, border);
    }
    // Grazing something far away.
    return last < 0.03f * t ? t : FAR;
}

static __device__ ONCE V3 normal(const float* u, V3 p, float t) {
    const float e = fmaxf(0.002f, 0.0009f * t);
    if ((int) u[FAMILY] == OCEAN && material(u, p) == WATER) {
        const float f = fmaxf(0.01f, 0.002f * t);
        const int octaves = t < 60.0f ? 14 : 9;
        const float here = waves(u, p.x, p.z, octaves);
        return unit(vec(here - waves(u, p.x + f, p.z, octaves), f, here - waves(u, p.x, p.z + f, octaves)));
    }
    // Four corners of a tetrahedron.
    const float a = body(u, p.x + e, p.y - e, p.z - e);
    const float b = body(u, p.x - e, p.y - e, p.z + e);
    const float c = body(u, p.x - e, p.y + e, p.z - e);
    const float d = body(u, p.x + e, p.y + e, p.z + e);
    return unit(vec(a - b - c + d, c + d - a - b, b + d - a - c));
}

// How much of the sun is seen: 1 all of it.
static __device__ ONCE float shadow(const float* u, V3 p, V3 sun) {
    float light = 1.0f;
    float t = 0.06f;
    for (int i = 0; i < 40; i++) {
        float border = FAR;
        const float d = bodies(u, p.x + t * sun.x, p.y + t * sun.y, p.z + t * sun.z, &border);
        light = fminf(light, 11.0f * d / t);
        if (light < 0.004f) {
            return 0.0f;
        }
        t += clip(fminf(d, border), 0.06f, 4.0f);
        if (t > 60.0f) {
            break;
        }
    }
    return light * light * (3.0f - 2.0f * light);
}

// How open a place is: 1 is wholly open.
static __device__ ONCE float openness(const float* u, V3 p, V3 n) {
    float hidden = 0.0f;
    float weight = 1.0f;
#pragma unroll 1
    for (int i = 1; i <= 5; i++) {
        const float h = 0.09f * i * i;
        const float d = body(u, p.x + h * n.x, p.y + h * n.y, p.z + h * n.z);
        hidden += (h - fminf(d, h)) * weight / h;
        weight *= 0.72f;
    }
    return clip(1.0f - 0.32f * hidden, 0.0f, 1.0f);
}

// ---- Sky

static __device__ ONCE V3 stars(const float* u, V3 ray) {
    // A cell of a cube around the eye holds at most one star.
    const float x = ray.x * 90.0f;
    const float y = ray.y * 90.0f;
    const float z = ray.z * 90.0f;
    const float fx = floorf(x);
    const float fy = floorf(y);
    const float fz = floorf(z);
    const int i = (int) fx;
    const int j = (int) fy;
    const int k = (int) fz;
    const float born = chance(i + 512, j + 512, k + 512);
    if (born > 0.055f) {
        return vec(0.0f, 0.0f, 0.0f);
    }
    const float dx = x - fx - 0.3f - 0.4f * chance(i, j, k + 1);
    const float dy = y - fy - 0.3f - 0.4f * chance(i, j, k + 2);
    const float dz = z - fz - 0.3f - 0.4f * chance(i, j, k + 3);
    const float near = fmaxf(0.0f, 1.0f - 3.6f * sqrtf(dx * dx + dy * dy + dz * dz));
    const float bright = near * near * (0.25f + 2.2f * chance(i, j, k + 4) * chance(i, j, k + 5));
    return times(blend(vec(1.0f, 0.82f, 0.62f), vec(0.66f, 0.8f, 1.0f), chance(i, j, k + 6)), bright);
}

static __device__ ONCE V3 sky(const float* u, V3 ray) {
    const V3 sun = at(u, SUN);
    const float toSun = fmaxf(0.0f, dot(ray, sun));
    if ((int) u[FAMILY] == PLANETS) {
        const V3 p = times(ray, 2.3f);
        const float mist = cloud3(vec(p.x + 10.0f * u[SEED], p.y, p.z), 5);
        const float veil = step01(0.42f, 0.78f, mist);
        const V3 colour = blend(at(u, COLOUR_B), at(u, COLOUR_C), step01(0.35f, 0.65f, noise3(p.x * 1.3f, p.y * 1.3f + 9.0f, p.z * 1.3f)));
        V3 space = plus(vec(0.004f, 0.005f, 0.01f), times(colour, 0.22f * veil));
        space = plus(space, times(stars(u, ray), 1.0f - 0.5f * veil));
        return plus(space, times(at(u, SUNLIGHT), 0.9f * powf(toSun, 900.0f) + 0.05f * powf(toSun, 40.0f)));
    }
    const float up = fmaxf(ray.y, 0.0f);
    const float low = expf(-5.5f * up);
    V3 colour = blend(at(u, ZENITH), at(u, HORIZON), low);
    const V3 glow = at(u, SUNLIGHT);
    colour = plus(colour, times(glow, 0.16f * powf(toSun, 6.0f) + 0.25f * powf(toSun, 48.0f) + 5.0f * step01(0.99935f, 0.9998f, toSun)));
    if (u[NIGHT] > 0.0f && ray.y > 0.0f) {
        colour = plus(colour, times(stars(u, ray), u[NIGHT] * step01(0.0f, 0.25f, ray.y)));
    }
    if (u[CLOUDS] > 0.0f && ray.y > 0.015f) {
        const float far = 1.0f / (ray.y + 0.09f);
        const float x = ray.x * far * 1.15f + 0.02f * u[TIME] + 7.0f * u[SEED];
        const float z = ray.z * far * 1.15f + 0.011f * u[TIME];
        const float thick = cloud2(x, z, 5);
        const float cover = step01(0.62f - 0.36f * u[CLOUDS], 0.92f - 0.3f * u[CLOUDS], thick) * step01(0.015f, 0.16f, ray.y);
        // Lit where it is thinner towards the sun.
        const float towards = cloud2(x + 0.18f * sun.x, z + 0.18f * sun.z, 3);
        const float lit = clip(0.55f + 2.2f * (thick - towards), 0.1f, 1.0f);
        V3 white = plus(times(glow, 0.34f * lit + 0.5f * powf(toSun, 10.0f)), times(blend(at(u, ZENITH), at(u, HORIZON), 0.6f), 0.75f));
        colour = blend(colour, white, 0.9f * cover);
    }
    return colour;
}

// What the air between adds.
static __device__ V3 air(const float* u, V3 colour, V3 ray, float t) {
    const float thick = 1.0f - expf(-u[FOG] * t);
    const float toSun = fmaxf(0.0f, dot(ray, at(u, SUN)));
    V3 haze = blend(at(u, HORIZON), at(u, ZENITH), 0.12f);
    haze = plus(haze, times(at(u, SUNLIGHT), 0.13f * powf(toSun, 5.0f)));
    return blend(colour, haze, thick);
}

// ---- Surfaces

static __device__ ONCE V3 lit(const float* u, V3 p, V3 n, V3 albedo, float gloss, V3 ray, float t) {
    const V3 sun = at(u, SUN);
    const float facing = fmaxf(0.0f, dot(n, sun));
    const float seen = facing > 0.0f ? shadow(u, plus(p, times(n, 0.004f + 0.0006f * t)), sun) : 0.0f;
    const float open = openness(u, p, n);
    const V3 half = unit(plus(sun, times(ray, -1.0f)));
    const float shine = powf(fmaxf(0.0f, dot(n, half)), 12.0f + 180.0f * gloss) * gloss * (0.6f + 5.0f * gloss);
    V3 light = times(at(u, SUNLIGHT), seen * facing);
    light = plus(light, times(blend(at(u, HORIZON), at(u, ZENITH), 0.5f + 0.5f * n.y), open * (0.55f + 0.35f * n.y)));
    // What the sunlit ground throws back.
    light = plus(light, times(at(u, SUNLIGHT), open * 0.07f * fmaxf(0.0f, 0.6f - n.y)));
    return plus(tint(albedo, light), times(at(u, SUNLIGHT), shine * seen));
}

static __device__ ONCE V3 water(const float* u, V3 p, V3 n, V3 ray, float t) {
    const float facing = clip(-dot(n, ray), 0.0f, 1.0f);
    const float away = 1.0f - facing;
    const float mirror = 0.02f + 0.98f * away * away * away * away * away * (t > 100.0f ? 0.7f : 0.9f);
    V3 back = plus(ray, times(n, 2.0f * facing));
    back.y = fabsf(back.y) + 0.01f;
    back = unit(back);
    const float high = clip(0.5f + 0.5f * p.y / (u[AMOUNT] + 0.05f), 0.0f, 1.0f);
    const V3 deep = tint(at(u, COLOUR_A), plus(times(at(u, ZENITH), 0.6f), times(at(u, SUNLIGHT), 0.10f + 0.10f * high * high)));
    V3 colour = plus(times(deep, 1.0f - mirror), times(sky(u, back), mirror));
    const float toSun = fmaxf(0.0f, dot(back, at(u, SUN)));
    colour = plus(colour, times(at(u, SUNLIGHT), 0.7f * powf(toSun, 220.0f)));
    const float foam = step01(0.8f, 1.02f, high + 0.3f * cloud2(p.x * 1.7f, p.z * 1.7f, 3) - 0.14f);
    return blend(colour, times(plus(at(u, HORIZON), times(at(u, SUNLIGHT), 0.35f)), 0.8f), 0.7f * foam);
}

// ---- CitySurfaces

static __device__ ONCE V3 facade(const float* u, V3 p, V3 n, V3 ray, float t) {
    const float cx = floorf(p.x / 10.0f);
    const float cz = floorf(p.z / 10.0f);
    const int i = (int) cx;
    const int j = (int) cz;
    const float kind = chance(i, j, 41);
    V3 wall = blend(at(u, COLOUR_A), at(u, COLOUR_B), kind);
    if (n.y > 0.5f) {
        wall = times(vec(0.32f, 0.31f, 0.3f), 0.7f + 0.5f * noise2(p.x * 1.5f, p.z * 1.5f));
        return lit(u, p, n, wall, 0.02f, ray, t);
    }
    const float along = fabsf(n.x) > fabsf(n.z) ? p.z : p.x;
    const float wide = 0.62f + 0.3f * chance(i, j, 42);
    const float floors = 1.05f;
    const float a = fraction(along / wide) - 0.5f;
    const float b = fraction(p.y / floors) - 0.5f;
    // Far away windows become a mean.
    const float sharp = clip(60.0f / t, 0.0f, 1.0f);
    const float pane = step01(0.40f, 0.34f, fabsf(a)) * step01(0.36f, 0.30f, fabsf(b));
    const int column = (int) floorf(along / wide);
    const int floor = (int) floorf(p.y / floors);
    const float on = chance(column + 31 * i, floor, j + (fabsf(n.x) > fabsf(n.z) ? 5 : 6));
    V3 colour = lit(u, p, n, blend(wall, vec(0.05f, 0.06f, 0.08f), 0.82f * pane), 0.05f + 0.5f * pane, ray, t);
    const float facing = clip(-dot(n, ray), 0.0f, 1.0f);
    const V3 back = plus(ray, times(n, 2.0f * facing));
    const float mirror = 0.06f + 0.6f * (1.0f - facing) * (1.0f - facing) * (1.0f - facing);
    colour = plus(colour, times(sky(u, unit(vec(back.x, fabsf(back.y), back.z))), mirror * pane * 0.8f));
    const V3 lamp = blend(vec(1.0f, 0.62f, 0.26f), vec(0.75f, 0.86f, 1.0f), step01(0.6f, 0.9f, chance(column, floor, i + 77 * j)));
    const float burning = on > 0.62f ? 1.0f : 0.0f;
    return plus(colour, times(lamp, u[NIGHT] * pane * (0.35f + 0.65f * burning * sharp) * burning * (0.7f + 1.5f * on) * 0.9f));
}

static __device__ ONCE V3 street(const float* u, V3 p, V3 n, V3 ray, float t) {
    const float lx = p.x - floorf(p.x / 10.0f) * 10.0f;
    const float lz = p.z - floorf(p.z / 10.0f) * 10.0f;
    // The streets' middles are at the cells' borders.
    const float ax = fminf(lx, 10.0f - lx);
    const float az = fminf(lz, 10.0f - lz);
    const float road = step01(1.02f, 0.98f, fminf(ax, az));
    V3 albedo = blend(vec(0.24f, 0.23f, 0.22f), vec(0.07f, 0.07f, 0.075f), road);
    const float line = step01(0.07f, 0.04f, fminf(ax, az)) * (fraction((ax < az ? p.z : p.x) * 0.5f) > 0.5f ? 1.0f : 0.0f) * (fmaxf(ax, az) > 1.2f ? 1.0f : 0.0f);
    albedo = blend(albedo, vec(0.7f, 0.68f, 0.6f), 0.8f * line);
    V3 colour = lit(u, p, n, albedo, 0.12f, ray, t);
    // Cars: lights that run along both lanes.
    const bool along = ax < az;
    const float across = along ? (lx < 5.0f ? lx : lx - 10.0f) : (lz < 5.0f ? lz : lz - 10.0f);
    const float way = across > 0.0f ? 1.0f : -1.0f;
    const float run = (along ? p.z : p.x) * way + u[TIME] * 7.0f;
    const int lane = (int) floorf((along ? p.x : p.z) / 10.0f + 0.5f);
    const float car = floorf(run / 6.0f);
    if (fmaxf(ax, az) > 1.2f && chance((int) car, lane, along ? 51 : 52) < 0.7f) {
        const float dx = fabsf(fabsf(across) - 0.5f) - 0.16f;
        const float dz = run - (car + 0.5f) * 6.0f;
        const float head = expf(-30.0f * dx * dx - 1.6f * dz * dz);
        const V3 lamp = way > 0.0f ? vec(1.0f, 0.9f, 0.7f) : vec(1.0f, 0.1f, 0.05f);
        colour = plus(colour, times(lamp, u[NIGHT] * head * 2.2f));
    }
    // Street lamps along the pavement.
    const float glow = expf(-1.1f * ((fraction((along ? p.z : p.x) / 5.0f) - 0.5f) * (fraction((along ? p.z : p.x) / 5.0f) - 0.5f) * 25.0f) - 1.2f * fabsf(fminf(ax, az) - 1.3f));
    return plus(colour, times(vec(1.0f, 0.66f, 0.33f), u[NIGHT] * 0.22f * glow));
}

// ---- LandSurfaces

static __device__ ONCE V3 land(const float* u, V3 p, V3 n, V3 ray, float t) {
    const float rough = cloud2(p.x * 0.9f, p.z * 0.9f, 4);
    const float height = p.y + 6.0f * (rough - 0.5f);
    V3 albedo = blend(at(u, COLOUR_A), at(u, COLOUR_B), clip(1.6f * rough - 0.3f, 0.0f, 1.0f));
    albedo = blend(albedo, vec(0.28f, 0.25f, 0.22f), step01(0.82f, 0.66f, n.y + 0.12f * (rough - 0.5f)));
    const float snow = step01(0.62f, 0.8f, n.y) * step01(0.0f, 5.0f, height - at(u, COLOUR_C).x);
    albedo = blend(albedo, vec(0.62f, 0.65f, 0.70f), snow);
    return lit(u, p, n, times(albedo, 0.75f + 0.5f * rough), 0.02f, ray, t);
}

static __device__ ONCE V3 tree(const float* u, V3 p, V3 n, V3 ray, float t) {
    const int i = (int) floorf(p.x / 2.6f);
    const int j = (int) floorf(p.z / 2.6f);
    const float kind = chance(i, j, 25);
    V3 albedo = times(blend(at(u, COLOUR_A), vec(0.06f, 0.13f, 0.05f), 0.65f), 0.55f + 0.6f * kind);
    albedo = blend(albedo, vec(0.8f, 0.83f, 0.88f), at(u, COLOUR_C).y * step01(0.1f, 0.7f, n.y));
    return lit(u, p, n, albedo, 0.03f, ray, t);
}

// ---- StudioSurfaces

static __device__ V3 ballColour(const float* u, V3 p) {
    if (p.x * p.x + p.z * p.z < 12.0f && p.y > 0.9f) {
        return blend(at(u, COLOUR_A), at(u, COLOUR_B), step01(1.2f, 4.2f, p.y + 0.6f * sinf(p.x * 1.3f + u[TIME])));
    }
    const float kind = chance((int) floorf(p.x / 2.4f), (int) floorf(p.z / 2.4f), 34);
    return kind < 0.4f ? at(u, COLOUR_A) : (kind < 0.75f ? at(u, COLOUR_B) : at(u, COLOUR_C));
}

static __device__ ONCE V3 studio(const float* u, V3 p, V3 n, int what, V3 ray, float t) {
    if (what == FLOOR) {
        const float square = fraction(0.5f * (floorf(p.x / 2.4f) + floorf(p.z / 2.4f))) > 0.25f ? 1.0f : 0.0f;
        return lit(u, p, n, times(blend(vec(0.5f, 0.5f, 0.52f), at(u, HORIZON), 0.3f), 0.42f + 0.22f * square), 0.25f, ray, t);
    }
    return lit(u, p, n, ballColour(u, p), 0.45f, ray, t);
}

static __device__ ONCE V3 tube(const float* u, V3 p, V3 n, V3 ray, float t) {
    const float qx = p.x - pathX(u, p.z);
    const float qy = p.y - pathY(u, p.z);
    const float a = atan2f(qy, qx);
    const float side = fabsf(fraction(a * 1.2732395f) - 0.5f);
    const float rib = fabsf(fraction(p.z * 0.25f) - 0.5f);
    const int number = (int) floorf(p.z * 0.25f + 0.5f);
    const V3 glow = chance(number, 3, 61) < 0.5f ? at(u, COLOUR_B) : at(u, COLOUR_C);
    const float grime = cloud2(a * 3.0f, p.z * 0.8f, 4);
    V3 albedo = times(at(u, COLOUR_A), 0.5f + 0.9f * grime);
    const float ring = step01(0.47f, 0.485f, rib);
    const float line = step01(0.02f, 0.008f, fabsf(side - 0.25f)) * step01(0.36f, 0.34f, rib);
    // Light comes from the rings, the lines and the camera's lamp.
    const float toRing = fminf(rib < 0.5f ? 0.5f - rib : 0.0f, 0.5f) * 4.0f;
    const float open = openness(u, p, n);
    const float lamp = fmaxf(0.0f, -dot(n, ray)) / (1.0f + 0.05f * t * t);
    V3 light = plus(times(glow, 1.9f / (1.0f + 5.0f * toRing * toRing)), times(vec(1.0f, 0.95f, 0.9f), 0.55f * lamp));
    light = plus(light, times(at(u, COLOUR_B), 0.10f));
    const V3 back = plus(ray, times(n, -2.0f * dot(n, ray)));
    const float shine = powf(fmaxf(0.0f, fabsf(back.z)), 8.0f) * 0.12f;
    V3 colour = plus(times(tint(albedo, light), open), times(glow, shine * open));
    const float pulse = 0.75f + 0.25f * sinf(3.0f * u[TIME] - 0.7f * number);
    colour = plus(colour, times(glow, 3.2f * ring * pulse));
    return plus(colour, times(at(u, COLOUR_C), 1.3f * line * (0.6f + 0.4f * sinf(0.9f * p.z - 5.0f * u[TIME]))));
}

// ---- PlanetSurfaces

// Rings of a planet that a ray crosses before t: their colour and how much they hide.
static __device__ ONCE V3 rings(const float* u, V3 colour, V3 eye, V3 ray, float t) {
    if (u[AMOUNT] < 0.5f) {
        return colour;
    }
    const V3 axis = unit(vec(0.32f, 1.0f, 0.18f));
    const float along = dot(ray, axis);
    if (fabsf(along) < 1e-4f) {
        return colour;
    }
    const float s = -dot(eye, axis) / along;
    if (s < 0.0f || s > t) {
        return colour;
    }
    const V3 p = plus(eye, times(ray, s));
    const float r = sqrtf(dot(p, p));
    const float within = step01(6.3f, 6.5f, r) * (1.0f - step01(10.2f, 10.6f, r));
    if (within <= 0.0f) {
        return colour;
    }
    const float bands = noise2(r * 7.0f, 3.0f + 5.0f * u[SEED]) * 0.6f + noise2(r * 23.0f, 9.0f) * 0.4f;
    const float gap = 1.0f - 0.9f * step01(0.12f, 0.0f, fabsf(r - 8.7f));
    const float lit = 0.12f + 0.88f * shadow(u, p, at(u, SUN));
    const V3 dust = blend(at(u, COLOUR_A), vec(0.9f, 0.86f, 0.78f), 0.55f);
    return blend(colour, times(tint(dust, at(u, SUNLIGHT)), lit * (0.25f + 0.5f * bands)), within * gap * (0.25f + 0.7f * bands));
}

static __device__ ONCE V3 globe(const float* u, V3 p, V3 n, int what, V3 ray, float t) {
    const V3 sun = at(u, SUN);
    if (what == MOON) {
        const float rough = cloud3(times(p, 2.6f), 5);
        return lit(u, p, n, times(vec(0.6f, 0.57f, 0.54f), 0.35f + 0.9f * rough), 0.0f, ray, t);
    }
    const float turn = 0.05f * u[TIME];
    const float c = cosf(turn);
    const float s = sinf(turn);
    const V3 q = vec(c * n.x + s * n.z, n.y, c * n.z - s * n.x);
    const float k = 10.0f * u[SEED];
    const float shape = cloud3(vec(2.1f * q.x + k, 2.1f * q.y, 2.1f * q.z), 6);
    V3 albedo;
    float gloss = 0.0f;
    if (u[AMOUNT] > 0.5f) {
        // A giant of gas: bands that the winds stir.
        const float band = q.y * 5.5f + 1.9f * (shape - 0.5f) + 0.3f * sinf(9.0f * q.y);
        albedo = blend(at(u, COLOUR_A), at(u, COLOUR_B), step01(0.2f, 0.8f, fraction(band) < 0.5f ? 2.0f * fraction(band) : 2.0f - 2.0f * fraction(band)));
        albedo = blend(albedo, vec(0.92f, 0.88f, 0.8f), 0.5f * step01(0.5f, 0.75f, cloud3(vec(4.0f * q.x, 14.0f * q.y, 4.0f * q.z + k), 4)));
    } else {
        const float coast = step01(0.47f, 0.50f, shape);
        const V3 ground = blend(at(u, COLOUR_B), vec(0.55f, 0.47f, 0.33f), step01(0.52f, 0.68f, shape));
        albedo = blend(times(at(u, COLOUR_A), 0.4f + 1.0f * shape), ground, coast);
        albedo = blend(albedo, vec(0.9f, 0.93f, 0.96f), step01(0.78f, 0.88f, fabsf(q.y) + 0.25f * (shape - 0.5f)));
        gloss = 0.35f * (1.0f - coast);
        const float cover = step01(0.53f, 0.75f, cloud3(vec(3.4f * q.x + 0.02f * u[TIME], 4.6f * q.y, 3.4f * q.z + 2.0f * k), 5));
        albedo = blend(albedo, vec(0.95f, 0.95f, 0.96f), 0.85f * cover);
        gloss *= 1.0f - cover;
    }
    V3 colour = lit(u, p, n, albedo, gloss, ray, t);
    const float rim = 1.0f - clip(-dot(n, ray), 0.0f, 1.0f);
    const float day = step01(-0.25f, 0.5f, dot(n, sun));
    return plus(colour, times(blend(vec(0.3f, 0.55f, 1.0f), at(u, COLOUR_C), 0.3f), 0.85f * rim * rim * rim * day));
}

// ---- Surface

static __device__ ONCE V3 surface(const float* u, V3 p, V3 ray, float t) {
    const V3 n = normal(u, p, t);
    const int what = material(u, p);
    switch (what) {
        case WATER: return water(u, p, n, ray, t);
        case ROCK: {
            const float rough = cloud2(p.x * 2.1f + p.y, p.z * 2.1f, 4);
            const float wet = 1.0f - 0.6f * step01(1.6f, 0.2f, p.y);
            return lit(u, p, n, times(blend(vec(0.2f, 0.18f, 0.16f), vec(0.36f, 0.32f, 0.27f), rough), wet), 0.1f, ray, t);
        }
        case STREET: return street(u, p, n, ray, t);
        case BUILDING: return facade(u, p, n, ray, t);
        case GROUND: return land(u, p, n, ray, t);
        case TREE: return tree(u, p, n, ray, t);
        case FLOOR:
        case BALL: return studio(u, p, n, what, ray, t);
        case WALL: return tube(u, p, n, ray, t);
        default: return globe(u, p, n, what, ray, t);
    }
}
