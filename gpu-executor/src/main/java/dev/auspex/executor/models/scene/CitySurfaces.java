package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.FloatMath.abs;
import static dev.auspex.executor.models.scene.FloatMath.clip;
import static dev.auspex.executor.models.scene.FloatMath.exp;
import static dev.auspex.executor.models.scene.FloatMath.floor;
import static dev.auspex.executor.models.scene.FloatMath.fraction;
import static dev.auspex.executor.models.scene.FloatMath.max;
import static dev.auspex.executor.models.scene.FloatMath.min;
import static dev.auspex.executor.models.scene.FloatMath.step01;
import static dev.auspex.executor.models.scene.Noise.chance;
import static dev.auspex.executor.models.scene.Noise.noise2;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_A;
import static dev.auspex.executor.models.scene.SceneUniforms.COLOUR_B;
import static dev.auspex.executor.models.scene.SceneUniforms.NIGHT;
import static dev.auspex.executor.models.scene.SceneUniforms.TIME;
import static dev.auspex.executor.models.scene.Sky.sky;
import static dev.auspex.executor.models.scene.Surfaces.lit;
import static dev.auspex.executor.models.scene.Vec.at;
import static dev.auspex.executor.models.scene.Vec.blend;
import static dev.auspex.executor.models.scene.Vec.dot;
import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

/** How houses and streets look, by day and with their lights on. As the section of this name in the kernel's source. */
final class CitySurfaces {

    private CitySurfaces() {}

    static Vec facade(float[] u, Vec p, Vec n, Vec ray, float t) {
        float cx = floor(p.x() / 10.0f);
        float cz = floor(p.z() / 10.0f);
        int i = (int) cx;
        int j = (int) cz;
        float kind = chance(i, j, 41);
        Vec wall = blend(at(u, COLOUR_A), at(u, COLOUR_B), kind);
        if (n.y() > 0.5f) {
            wall = times(vec(0.32f, 0.31f, 0.3f), 0.7f + 0.5f * noise2(p.x() * 1.5f, p.z() * 1.5f));
            return lit(u, p, n, wall, 0.02f, ray, t);
        }
        float along = abs(n.x()) > abs(n.z()) ? p.z() : p.x();
        float wide = 0.62f + 0.3f * chance(i, j, 42);
        float floors = 1.05f;
        float a = fraction(along / wide) - 0.5f;
        float b = fraction(p.y() / floors) - 0.5f;
        // Far away windows become a mean.
        float sharp = clip(60.0f / t, 0.0f, 1.0f);
        float pane = step01(0.40f, 0.34f, abs(a)) * step01(0.36f, 0.30f, abs(b));
        int column = (int) floor(along / wide);
        int floor = (int) floor(p.y() / floors);
        float on = chance(column + 31 * i, floor, j + (abs(n.x()) > abs(n.z()) ? 5 : 6));
        Vec colour = lit(u, p, n, blend(wall, vec(0.05f, 0.06f, 0.08f), 0.82f * pane), 0.05f + 0.5f * pane, ray, t);
        float facing = clip(-dot(n, ray), 0.0f, 1.0f);
        Vec back = plus(ray, times(n, 2.0f * facing));
        float mirror = 0.06f + 0.6f * (1.0f - facing) * (1.0f - facing) * (1.0f - facing);
        colour = plus(colour, times(sky(u, unit(vec(back.x(), abs(back.y()), back.z()))), mirror * pane * 0.8f));
        Vec lamp = blend(vec(1.0f, 0.62f, 0.26f), vec(0.75f, 0.86f, 1.0f), step01(0.6f, 0.9f, chance(column, floor, i + 77 * j)));
        float burning = on > 0.62f ? 1.0f : 0.0f;
        return plus(colour, times(lamp, u[NIGHT] * pane * (0.35f + 0.65f * burning * sharp) * burning * (0.7f + 1.5f * on) * 0.9f));
    }

    static Vec street(float[] u, Vec p, Vec n, Vec ray, float t) {
        float lx = p.x() - floor(p.x() / 10.0f) * 10.0f;
        float lz = p.z() - floor(p.z() / 10.0f) * 10.0f;
        // The streets' middles are at the cells' borders.
        float ax = min(lx, 10.0f - lx);
        float az = min(lz, 10.0f - lz);
        float road = step01(1.02f, 0.98f, min(ax, az));
        Vec albedo = blend(vec(0.24f, 0.23f, 0.22f), vec(0.07f, 0.07f, 0.075f), road);
        float line = step01(0.07f, 0.04f, min(ax, az)) * (fraction((ax < az ? p.z() : p.x()) * 0.5f) > 0.5f ? 1.0f : 0.0f) * (max(ax, az) > 1.2f ? 1.0f : 0.0f);
        albedo = blend(albedo, vec(0.7f, 0.68f, 0.6f), 0.8f * line);
        Vec colour = lit(u, p, n, albedo, 0.12f, ray, t);
        // Cars: lights that run along both lanes.
        boolean along = ax < az;
        float across = along ? (lx < 5.0f ? lx : lx - 10.0f) : (lz < 5.0f ? lz : lz - 10.0f);
        float way = across > 0.0f ? 1.0f : -1.0f;
        float run = (along ? p.z() : p.x()) * way + u[TIME] * 7.0f;
        int lane = (int) floor((along ? p.x() : p.z()) / 10.0f + 0.5f);
        float car = floor(run / 6.0f);
        if (max(ax, az) > 1.2f && chance((int) car, lane, along ? 51 : 52) < 0.7f) {
            float dx = abs(abs(across) - 0.5f) - 0.16f;
            float dz = run - (car + 0.5f) * 6.0f;
            float head = exp(-30.0f * dx * dx - 1.6f * dz * dz);
            Vec lamp = way > 0.0f ? vec(1.0f, 0.9f, 0.7f) : vec(1.0f, 0.1f, 0.05f);
            colour = plus(colour, times(lamp, u[NIGHT] * head * 2.2f));
        }
        // Street lamps along the pavement.
        float glow = exp(-1.1f * ((fraction((along ? p.z() : p.x()) / 5.0f) - 0.5f) * (fraction((along ? p.z() : p.x()) / 5.0f) - 0.5f) * 25.0f) - 1.2f * abs(min(ax, az) - 1.3f));
        return plus(colour, times(vec(1.0f, 0.66f, 0.33f), u[NIGHT] * 0.22f * glow));
    }
}
