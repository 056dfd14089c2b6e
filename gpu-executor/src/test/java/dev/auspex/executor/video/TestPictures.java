package dev.auspex.executor.video;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures made for tests; the same every time. */
public final class TestPictures {

    private TestPictures() {}

    /** Something like a photo: sky, sun, hills, a lake, trees, grass, fine detail in the foreground. */
    public static BufferedImage landscape(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setPaint(new GradientPaint(0, 0, new Color(52, 98, 168), 0, height * 0.6f, new Color(236, 205, 170)));
        g.fillRect(0, 0, width, height);
        g.setColor(new Color(255, 244, 214));
        g.fillOval(width * 7 / 10, height / 6, height / 9, height / 9);
        Random random = new Random(7);
        for (int layer = 0; layer < 4; layer++) {
            hills(g, width, height, layer, random);
        }
        g.setPaint(new GradientPaint(0, height * 0.72f, new Color(120, 150, 170), 0, height * 0.85f, new Color(60, 90, 110)));
        g.fillOval(width / 5, height * 72 / 100, width / 2, height / 9);
        for (int i = 0; i < 90; i++) {
            tree(g, random.nextInt(width), height * (76 + random.nextInt(16)) / 100, height, random);
        }
        grass(g, width, height, random);
        house(g, width, height);
        g.dispose();
        grain(image, random);
        return image;
    }

    /** One colour. */
    public static BufferedImage plain(int width, int height, int rgb) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }

    /** Writes a picture; the format is the file's ending. */
    public static Path write(BufferedImage image, Path file) {
        try {
            String name = file.getFileName().toString();
            if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
                throw new IllegalStateException("cannot write " + file);
            }
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void hills(Graphics2D g, int width, int height, int layer, Random random) {
        Polygon hill = new Polygon();
        double phase = random.nextDouble() * 6;
        for (int x = -4; x <= width + 4; x += Math.max(1, width / 300)) {
            double t = 6.0 * x / width + phase;
            double ridge = Math.sin(t) + 0.5 * Math.sin(2.3 * t) + 0.25 * Math.sin(5.1 * t) + 0.08 * Math.sin(23 * t) + 0.04 * Math.sin(61 * t);
            hill.addPoint(x, (int) (height * (0.46 + 0.09 * layer - 0.055 * ridge)));
        }
        hill.addPoint(width + 4, height);
        hill.addPoint(-4, height);
        g.setColor(new Color(120 - 24 * layer, 142 - 18 * layer, 160 - 36 * layer));
        g.fillPolygon(hill);
    }

    private static void tree(Graphics2D g, int x, int y, int height, Random random) {
        int size = height * (3 + random.nextInt(6)) / 100;
        g.setColor(new Color(20 + random.nextInt(30), 50 + random.nextInt(40), 25 + random.nextInt(20)));
        for (int part = 0; part < 3; part++) {
            int half = size / 3 - part * size / 12;
            int top = y - size / 2 - part * size / 3;
            g.fillPolygon(new int[] {x - half, x, x + half}, new int[] {top + size / 2, top, top + size / 2}, 3);
        }
        g.fillRect(x - size / 20, y - size / 8, Math.max(1, size / 10), size / 6);
    }

    private static void grass(Graphics2D g, int width, int height, Random random) {
        g.setStroke(new BasicStroke(Math.max(1f, height / 900f)));
        for (int i = 0; i < 9000; i++) {
            int x = random.nextInt(width);
            int y = height - (int) (height * 0.16 * Math.abs(random.nextGaussian()) / 2);
            int length = height * (1 + random.nextInt(3)) / 100;
            g.setColor(new Color(50 + random.nextInt(70), 80 + random.nextInt(80), 30 + random.nextInt(30)));
            g.drawLine(x, y, x + random.nextInt(length + 1) - length / 2, y - length);
        }
    }

    private static void house(Graphics2D g, int width, int height) {
        int x = width * 46 / 100;
        int y = height * 58 / 100;
        int size = height * 14 / 100;
        g.setColor(new Color(214, 196, 170));
        g.fillRect(x, y, size * 3 / 2, size);
        g.setColor(new Color(134, 52, 40));
        g.fillPolygon(new int[] {x - size / 8, x + size * 3 / 4, x + size * 13 / 8}, new int[] {y, y - size * 3 / 4, y}, 3);
        g.setColor(new Color(40, 44, 52));
        for (int window = 0; window < 3; window++) {
            g.fillRect(x + size / 6 + window * size / 2, y + size / 4, size / 4, size / 3);
        }
        g.setColor(Color.WHITE);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, Math.max(4, size / 6)));
        g.fillRect(x + size / 4, y + size * 2 / 3, size, size / 5);
        g.setColor(Color.BLACK);
        for (int line = 0; line < 12; line++) {
            g.fillRect(x + size / 4 + line * size / 12, y + size * 2 / 3, Math.max(1, size / 40), size / 5);
        }
    }

    private static void grain(BufferedImage image, Random random) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                int noise = (int) (2.5 * random.nextGaussian());
                image.setRGB(x, y, noisy(rgb >> 16, noise) << 16 | noisy(rgb >> 8, noise) << 8 | noisy(rgb, noise));
            }
        }
    }

    private static int noisy(int value, int noise) {
        return Math.clamp((value & 0xff) + noise, 0, 255);
    }
}
