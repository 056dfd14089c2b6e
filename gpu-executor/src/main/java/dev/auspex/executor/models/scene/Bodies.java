package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.abs;
import static dev.auspex.executor.models.scene.FloatMath.atan2;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.cos;
import static dev.auspex.executor.models.scene.FloatMath.exp;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.FloatMath.fraction;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.min;
import static dev.auspex.executor.models.scene.FloatMath.sin;
import static dev.auspex.executor.models.scene.FloatMath.sqrt;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Noise.chance;
import static dev.auspex.executor.models.scene.Noise.cloud2;
import static dev.auspex.executor.models.scene.Noise.join;
import static dev.auspex.executor.models.scene.Noise.noise2;
import static dev.auspex.executor.models.scene.SceneUniforms.AMOUNT;
import static dev.auspex.executor.models.scene.SceneUniforms.BALL;
import static dev.auspex.executor.models.scene.SceneUniforms.BUILDING;
import static dev.auspex.executor.models.scene.SceneUniforms.CITY;
import static dev.auspex.executor.models.scene.SceneUniforms.FAMILY;
import static dev.auspex.executor.models.scene.SceneUniforms.FAR;
import static dev.auspex.executor.models.scene.SceneUniforms.FLOOR;
import static dev.auspex.executor.models.scene.SceneUniforms.GROUND;
import static dev.auspex.executor.models.scene.SceneUniforms.HILLS;
import static dev.auspex.executor.models.scene.SceneUniforms.MOON;
import static dev.auspex.executor.models.scene.SceneUniforms.OCEAN;
import static dev.auspex.executor.models.scene.SceneUniforms.PLANET;
import static dev.auspex.executor.models.scene.SceneUniforms.ROCK;
import static dev.auspex.executor.models.scene.SceneUniforms.SEED;
import static dev.auspex.executor.models.scene.SceneUniforms.SPHERES;
import static dev.auspex.executor.models.scene.SceneUniforms.STREET;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.SceneUniforms.TREE;
import static dev.auspex.executor.models.scene.SceneUniforms.TUNNEL;
import static dev.auspex.executor.models.scene.SceneUniforms.WALL;
import static dev.auspex.executor.models.scene.SceneUniforms.WATER;

/** What the scenes are made of, as distances: how far the nearest body is from a point, in every family. As the section of this name in the kernel's source. */
final class Bodies {

    private Bodies() {}

    static float waves(float[] u, float x, float z, int octaves) {
        float dx = 0.8f;
        float dz = 0.6f;
        float frequency = 0.22f;
        float weight = 1.0f;
        float sum = 0.0f;
        float total = 0.0f;
        for (int i = 0; i < octaves; i++) {
            float phase = (dx * x + dz * z) * frequency + u[TIME] * (0.9f + 0.35f * i) + u[SEED] * 6.0f + 1.3f * i;
            float crest = exp(sin(phase) - 1.0f);
            float pull = cos(phase) * crest * weight * 0.6f;
            sum += crest * weight;
            total += weight;
            x -= dx * pull;
            z -= dz * pull;
            // Every wave comes from another side.
            float turned = -0.737f * dx - 0.676f * dz;
            dz = 0.676f * dx - 0.737f * dz;
            dx = turned;
            frequency *= 1.38f;
            weight *= 0.72f;
        }
        return u[AMOUNT] * (2.6f * sum / total - 1.3f);
    }

    static float rocks(float[] u, float x, float y, float z, Border border) {
        // One rock in some of the cells.
        float size = 34.0f;
        float cx = floor(x / size);
        float cz = floor(z / size);
        int i = (int) cx;
        int j = (int) cz;
        int salt = (int) (u[SEED] * 900.0f);
        float edge = min(min(x - cx * size, (cx + 1.0f) * size - x), min(z - cz * size, (cz + 1.0f) * size - z));
        border.limit(edge + 3.0f);
        if (chance(i, j, salt) > 0.45f) {
            return FAR;
        }
        float px = x - (cx + 0.3f + 0.4f * chance(i, j, salt + 1)) * size;
        float pz = z - (cz + 0.3f + 0.4f * chance(i, j, salt + 2)) * size;
        float wide = 2.0f + 3.5f * chance(i, j, salt + 3);
        float high = wide * (0.7f + 1.3f * chance(i, j, salt + 4));
        float away = sqrt(px * px + pz * pz) - 1.6f * wide;
        if (away > 3.0f) {
            return away;
        }
        float rough = cloud2(x * 0.5f + 0.3f * y, z * 0.5f - 0.4f * y, 4);
        float qx = px / wide;
        float qy = y / high;
        float qz = pz / wide;
        return (sqrt(qx * qx + qy * qy + qz * qz) - 0.72f - 0.55f * rough) * min(wide, high) * 0.5f;
    }

    /** Half width and height of the building in a cell of a city. */
    static float buildingHeight(float[] u, int i, int j) {
        int salt = (int) (u[SEED] * 900.0f);
        float downtown = noise2(i * 0.17f + 9.1f * u[SEED], j * 0.17f);
        float h = chance(i, j, salt);
        return 3.0f + 30.0f * u[AMOUNT] * downtown * downtown * (0.3f + h) + 5.0f * h;
    }

    static float box(float x, float y, float z, float hx, float hy, float hz) {
        float qx = abs(x) - hx;
        float qy = abs(y) - hy;
        float qz = abs(z) - hz;
        float ox = max(qx, 0.0f);
        float oy = max(qy, 0.0f);
        float oz = max(qz, 0.0f);
        return sqrt(ox * ox + oy * oy + oz * oz) + min(max(qx, max(qy, qz)), 0.0f);
    }

    /** Cells of a city are 10 wide: a building of at most 7.4 and the streets around it. */
    static float city(float[] u, float x, float y, float z, Border border) {
        float cx = floor(x / 10.0f);
        float cz = floor(z / 10.0f);
        int i = (int) cx;
        int j = (int) cz;
        float lx = x - (cx + 0.5f) * 10.0f;
        float lz = z - (cz + 0.5f) * 10.0f;
        float height = buildingHeight(u, i, j);
        float wide = 2.7f + chance(i, j, 11);
        float deep = 2.7f + chance(i, j, 12);
        float d = box(lx, y, lz, wide, height, deep);
        if (height > 11.0f) {
            // Tall ones end in a narrower part, the tallest in a mast.
            d = min(d, box(lx, y - height, lz, 0.66f * wide, 0.28f * height, 0.66f * deep));
            if (chance(i, j, 13) > 0.5f) {
                d = min(d, box(lx, y - 1.28f * height, lz, 0.12f, 0.22f * height, 0.12f));
            }
        } else {
            d = min(d, box(lx - 0.8f, y - height, lz + 0.6f, 0.7f, 0.7f, 0.8f));
        }
        // Not past the border: another building may stand right behind it.
        border.limit(6.3f - max(abs(lx), abs(lz)));
        return min(d, y);
    }

    static float ground(float[] u, float x, float z, int octaves) {
        float s = 40.0f * u[SEED];
        float wide = noise2(x * 0.011f + s, z * 0.011f - s);
        return u[AMOUNT] * (30.0f * wide * wide + 13.0f * cloud2(x * 0.045f + s, z * 0.045f, octaves)) - 8.0f;
    }

    static float trees(float[] u, float x, float y, float z, Border border) {
        float size = 2.6f;
        float cx = floor(x / size);
        float cz = floor(z / size);
        int i = (int) cx;
        int j = (int) cz;
        float edge = min(min(x - cx * size, (cx + 1.0f) * size - x), min(z - cz * size, (cz + 1.0f) * size - z));
        border.limit(edge + 0.35f);
        float wood = noise2(cx * 0.11f + 3.0f * u[SEED], cz * 0.11f);
        if (chance(i, j, 21) > 2.4f * wood - 0.55f) {
            return FAR;
        }
        float tx = (cx + 0.38f + 0.24f * chance(i, j, 22)) * size;
        float tz = (cz + 0.38f + 0.24f * chance(i, j, 23)) * size;
        float high = 1.9f + 2.3f * chance(i, j, 24);
        float foot = ground(u, tx, tz, 3) - 0.15f;
        float t = clip((y - foot) / high, 0.0f, 1.0f);
        // Tiers of branches.
        float tier = fraction(t * 4.0f);
        float reach = 0.34f * high * (1.0f - t) * (1.06f - 0.42f * tier);
        float away = sqrt((x - tx) * (x - tx) + (z - tz) * (z - tz));
        float side = (away - reach) * 0.72f;
        return max(side, max(foot - y, y - foot - high));
    }

    static float hills(float[] u, float x, float y, float z, Border border) {
        float above = y - ground(u, x, z, 5);
        if (above > 6.5f) {
            return (above - 4.0f) * 0.55f;
        }
        return min(above * 0.6f, trees(u, x, y, z, border));
    }

    static float ballRadius(float[] u, int i, int j) {
        return 0.35f + 0.5f * chance(i, j, 31 + (int) (u[SEED] * 900.0f));
    }

    static float spheres(float[] u, float x, float y, float z, Border border) {
        float t = u[TIME];
        float s = u[SEED] * 20.0f;
        // A body of drops in the middle.
        float body = 1000.0f;
        float middle = sqrt(x * x + (y - 2.6f) * (y - 2.6f) + z * z);
        if (middle > 5.2f) {
            body = middle - 4.2f;
        } else {
            for (int i = 0; i < 7; i++) {
                float a = s + 2.1f * i;
                float px = x - 1.5f * sin(0.61f * t + a);
                float py = y - 2.7f - 1.1f * sin(0.83f * t + 1.7f * a);
                float pz = z - 1.5f * cos(0.53f * t + 1.3f * a);
                body = join(body, sqrt(px * px + py * py + pz * pz) - 0.55f - 0.09f * i, 0.7f);
            }
        }
        // Balls on the floor around it, which rise and sink.
        float size = 2.4f;
        float cx = floor(x / size);
        float cz = floor(z / size);
        int i = (int) cx;
        int j = (int) cz;
        float lx = x - (cx + 0.5f) * size;
        float lz = z - (cz + 0.5f) * size;
        float radius = ballRadius(u, i, j);
        float lift = 0.5f + 0.5f * sin(t * 1.1f + 6.28f * chance(i, j, 33));
        float ly = y - radius - 0.7f * lift * lift;
        float ball = sqrt(lx * lx + ly * ly + lz * lz) - radius;
        float fromMiddle = sqrt((cx + 0.5f) * size * (cx + 0.5f) * size + (cz + 0.5f) * size * (cz + 0.5f) * size);
        if (fromMiddle < 3.6f) {
            ball = FAR;
        }
        border.limit(0.5f * size - max(abs(lx), abs(lz)) + 0.35f);
        return min(min(body, ball), y);
    }

    static float pathX(float[] u, float z) {
        return 2.4f * sin(z * 0.083f + 6.0f * u[SEED]) + 1.1f * sin(z * 0.031f);
    }

    static float pathY(float[] u, float z) {
        return 1.9f * cos(z * 0.067f + 4.0f * u[SEED]);
    }

    static float tunnel(float[] u, float x, float y, float z) {
        float qx = x - pathX(u, z);
        float qy = y - pathY(u, z);
        float r = sqrt(qx * qx + qy * qy);
        float a = atan2(qy, qx);
        float rib = abs(fraction(z * 0.25f) - 0.5f);
        float ring = 0.34f * step01(0.40f, 0.47f, rib);
        // Eight flat sides with beams between them.
        float side = abs(fraction(a * 1.2732395f) - 0.5f);
        float beam = 0.16f * step01(0.44f, 0.48f, side);
        float panel = 0.05f * step01(0.3f, 0.36f, abs(fraction(z * 1.0f) - 0.5f)) * step01(0.1f, 0.2f, side);
        return (3.3f - r - max(ring, beam) + panel * u[AMOUNT]) * 0.6f;
    }

    static float planets(float[] u, float x, float y, float z) {
        float main = sqrt(x * x + y * y + z * z) - 5.0f;
        float t = 0.12f * u[TIME] + 6.28f * u[SEED];
        float mx = x - 11.5f * cos(t);
        float my = y - 1.6f * sin(1.7f * t);
        float mz = z - 11.5f * sin(t);
        float moon = sqrt(mx * mx + my * my + mz * mz) - 0.95f;
        float nx = x + 8.2f * cos(1.6f * t + 1.0f);
        float ny = y - 2.1f * cos(t);
        float nz = z + 8.2f * sin(1.6f * t + 1.0f);
        moon = min(moon, sqrt(nx * nx + ny * ny + nz * nz) - 0.45f);
        return min(main, moon);
    }

    /** How far the nearest body is, as far as the cell around the point knows; border says how far that may be trusted. */
    static float bodies(float[] u, float x, float y, float z, Border border) {
        switch ((int) u[FAMILY]) {
            case OCEAN: return min((y - waves(u, x, z, 6)) * 0.55f, rocks(u, x, y, z, border));
            case CITY: return city(u, x, y, z, border);
            case HILLS: return hills(u, x, y, z, border);
            case SPHERES: return spheres(u, x, y, z, border);
            case TUNNEL: return tunnel(u, x, y, z);
            default: return planets(u, x, y, z);
        }
    }

    static float body(float[] u, float x, float y, float z) {
        Border border = new Border();
        return bodies(u, x, y, z, border);
    }

    static int material(float[] u, Vec p) {
        Border border = new Border();
        switch ((int) u[FAMILY]) {
            case OCEAN: return rocks(u, p.x(), p.y(), p.z(), border) < (p.y() - waves(u, p.x(), p.z(), 6)) * 0.55f ? ROCK : WATER;
            case CITY: return p.y() < 0.05f ? STREET : BUILDING;
            case HILLS: return trees(u, p.x(), p.y(), p.z(), border) < (p.y() - ground(u, p.x(), p.z(), 5)) * 0.6f ? TREE : GROUND;
            case SPHERES: return p.y() < 0.02f ? FLOOR : BALL;
            case TUNNEL: return WALL;
            default: return p.x() * p.x() + p.y() * p.y() + p.z() * p.z() < 30.0f ? PLANET : MOON;
        }
    }
}
