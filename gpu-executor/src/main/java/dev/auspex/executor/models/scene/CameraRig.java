package dev.auspex.executor.models.scene;

import static dev.auspex.executor.models.scene.Vec.plus;
import static dev.auspex.executor.models.scene.Vec.times;
import static dev.auspex.executor.models.scene.Vec.unit;
import static dev.auspex.executor.models.scene.Vec.vec;

import java.util.SplittableRandom;

/**
 * The camera of a shot: where it is and where it looks at any time. It keeps clear of bodies: of a few places to begin it takes
 * the first from which its whole way is free. Immutable.
 */
final class CameraRig {

    private static final int TRIES = 48;
    private static final int LOOKOUTS = 24;

    private final float[] scene;
    private final Family family;
    private final Move move;
    private final float startX;
    private final float startZ;
    private final double heading;

    private CameraRig(float[] scene, Family family, Move move, float startX, float startZ, double heading) {
        this.scene = scene;
        this.family = family;
        this.move = move;
        this.startX = startX;
        this.startZ = startZ;
        this.heading = heading;
    }

    /** @param scene the shot's numbers; its camera is not looked at */
    static CameraRig find(float[] scene, Family family, Move asked, double seconds, SplittableRandom random) {
        Move move = asked == Move.AUTO ? usual(family) : asked;
        CameraRig best = null;
        float widest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < TRIES; i++) {
            CameraRig rig = at(scene, family, move, random);
            float room = rig.room(seconds);
            if (room > widest) {
                best = rig;
                widest = room;
            }
            if (room > needed(family)) {
                break;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /** Writes the camera of a moment. */
    void put(float[] u, double time) {
        View view = view(time);
        Vec forward = unit(plus(view.target, times(view.eye, -1)));
        Vec right = unit(vec(-forward.z(), 0, forward.x()));
        Vec up = vec(right.y() * forward.z() - right.z() * forward.y(), right.z() * forward.x() - right.x() * forward.z(), right.x() * forward.y() - right.y() * forward.x());
        SceneUniforms.put(u, SceneUniforms.EYE, view.eye);
        SceneUniforms.put(u, SceneUniforms.RIGHT, plus(times(right, cos(view.roll)), times(up, sin(view.roll))));
        SceneUniforms.put(u, SceneUniforms.UP, plus(times(up, cos(view.roll)), times(right, -sin(view.roll))));
        SceneUniforms.put(u, SceneUniforms.FORWARD, forward);
        u[SceneUniforms.FOCAL] = focal();
    }

    private record View(Vec eye, Vec target, double roll) {}

    private static Move usual(Family family) {
        return switch (family) {
            case OCEAN, CITY, HILLS, TUNNEL -> Move.FLY;
            case SPHERES, PLANETS -> Move.ORBIT;
        };
    }

    private static CameraRig at(float[] scene, Family family, Move move, SplittableRandom random) {
        // Streets lie at whole tens and run along z.
        boolean street = family == Family.CITY && move != Move.ORBIT;
        float x = street ? 10f * random.nextInt(-60, 60) : 8f * random.nextInt(-60, 60);
        float z = 8f * random.nextInt(-60, 60);
        boolean centred = family == Family.SPHERES && move != Move.FLY || family == Family.PLANETS || family == Family.TUNNEL;
        double heading = street ? Math.PI / 2 : random.nextDouble(2 * Math.PI);
        if (family == Family.OCEAN && move != Move.ORBIT) {
            // Roughly towards the light, where water is at its best.
            heading = Math.PI / 3 + random.nextDouble(-0.5, 0.5);
        }
        return new CameraRig(scene, family, move, centred ? 0 : x, centred ? 0 : z, heading);
    }

    private static float needed(Family family) {
        return switch (family) {
            case OCEAN -> 1.0f;
            case CITY -> 1.2f;
            case HILLS -> 2.5f;
            case SPHERES, TUNNEL, PLANETS -> 0.7f;
        };
    }

    private float focal() {
        return switch (family) {
            case OCEAN, HILLS -> 1.5f;
            case CITY -> 1.3f;
            case SPHERES -> 1.7f;
            case TUNNEL -> 1.15f;
            case PLANETS -> 1.9f;
        };
    }

    /** How near the camera comes to anything. */
    private float room(double seconds) {
        float[] u = scene.clone();
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i <= LOOKOUTS; i++) {
            double time = seconds * i / LOOKOUTS;
            u[SceneUniforms.TIME] = (float) time;
            Vec eye = view(time).eye;
            least = Math.min(least, Bodies.body(u, eye.x(), eye.y(), eye.z()));
        }
        return least;
    }

    private View view(double t) {
        return switch (family) {
            case OCEAN -> outdoors(t, 2.6 + 0.2 * Math.sin(1.1 * t), 3.4, 16, new Tilt(-0.05, 1.0));
            case CITY -> move == Move.ORBIT ? around(t, new Circle(68, 62, 0.06, 16)) : outdoors(t, 19 + 1.5 * Math.sin(0.3 * t), 6, 0, new Tilt(-0.1, 2.4));
            case HILLS -> outdoors(t, hillHeight(t), 6.5, 26, new Tilt(-0.2, 1.6));
            case SPHERES -> move == Move.FLY ? outdoors(t, 3.2, 2.2, 9, new Tilt(-0.12, 0.4)) : around(t, new Circle(9, 3.4, 0.22, 2.1));
            case TUNNEL -> inside(t);
            case PLANETS -> space(t);
        };
    }

    private record Tilt(double slope, double rise) {}

    private record Circle(double radius, double height, double speed, double target) {}

    private View outdoors(double t, double height, double speed, double radius, Tilt tilt) {
        double sway = move == Move.PAN ? 0.13 * t : 0.05 * Math.sin(0.35 * t);
        double along = switch (move) {
            case FLY, AUTO -> speed * t;
            case RISE -> 0.25 * speed * t;
            case ORBIT, PAN, STILL -> 0;
        };
        if (move == Move.ORBIT) {
            return around(t, new Circle(radius, height + 2, 0.1, height - 1));
        }
        double up = move == Move.RISE ? tilt.rise * t : 0;
        Vec eye = point(startX + along * Math.cos(heading), height + up, startZ + along * Math.sin(heading));
        double slope = tilt.slope - (move == Move.RISE ? 0.02 * t : 0);
        Vec target = plus(eye, point(10 * Math.cos(heading + sway), 10 * slope, 10 * Math.sin(heading + sway)));
        return new View(eye, target, 0.015 * Math.sin(0.5 * t));
    }

    private View around(double t, Circle circle) {
        double still = move == Move.ORBIT ? 1 : 0;
        double turn = heading + still * circle.speed * t;
        double up = move == Move.RISE ? 0.35 * t : 0;
        Vec eye = point(startX + circle.radius * Math.cos(turn), Math.min(circle.height + up, family == Family.SPHERES ? 6.2 : 1e9), startZ + circle.radius * Math.sin(turn));
        double pan = move == Move.PAN ? 0.13 * t : 0;
        double dx = startX - eye.x();
        double dz = startZ - eye.z();
        Vec target = point(eye.x() + dx * Math.cos(pan) - dz * Math.sin(pan), circle.target, eye.z() + dx * Math.sin(pan) + dz * Math.cos(pan));
        return new View(eye, target, 0);
    }

    /** The ground's height, as a slow camera follows it. */
    private double hillHeight(double t) {
        double sum = 0;
        for (int i = -4; i <= 8; i++) {
            double along = move == Move.FLY ? 6.5 * (t + 0.5 * i) : 2.0 * i;
            sum += Bodies.ground(scene, (float) (startX + along * Math.cos(heading)), (float) (startZ + along * Math.sin(heading)), 2);
        }
        return 12 + sum / 13;
    }

    private View inside(double t) {
        double speed = move == Move.STILL || move == Move.PAN ? 0.6 : 8;
        double z = 40 * heading + speed * t;
        double roll = move == Move.ORBIT || move == Move.PAN ? 0.35 * t : 0.12 * Math.sin(0.4 * t);
        return new View(onPath(z), onPath(z + 7), roll);
    }

    private Vec onPath(double z) {
        return point(Bodies.pathX(scene, (float) z), Bodies.pathY(scene, (float) z), z);
    }

    private View space(double t) {
        double turn = heading + (move == Move.ORBIT ? 0.07 * t : 0);
        double radius = move == Move.FLY ? 27 * Math.exp(-0.09 * Math.min(t, 8)) - 0.02 * Math.max(0, t - 8) : 19.5;
        double height = 5 + (move == Move.RISE ? 0.7 * t : 0);
        Vec eye = point(radius * Math.cos(turn), height, radius * Math.sin(turn));
        double pan = move == Move.PAN ? 0.06 * t - 0.15 : 0;
        Vec target = point(-4 * Math.sin(turn) * pan * 5, 0, 4 * Math.cos(turn) * pan * 5);
        return new View(eye, target, 0.12);
    }

    private static Vec point(double x, double y, double z) {
        return vec((float) x, (float) y, (float) z);
    }

    private static float cos(double angle) {
        return (float) Math.cos(angle);
    }

    private static float sin(double angle) {
        return (float) Math.sin(angle);
    }
}
