import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The pod serves the bundle at /console/ and may itself be below a path: addresses are relative.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
  server: {
    // npm run dev: the page is built on the fly, and calls go to a podium dev.
    proxy: Object.fromEntries(
      ["/podium", "/pod", "/agent", "/sessionauth", "/login", "/avatars", "/connect-service", "/files"].map((path) => [
        path,
        { target: process.env.PODIUM ?? "http://127.0.0.1:8080", changeOrigin: true },
      ]),
    ),
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/test/setup.ts"] },
});
