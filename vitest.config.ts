import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		// Ink paints nothing until exit when CI is set; the screens under test are interactive ones.
		env: {CI: 'false', NODE_ENV: 'production', FORCE_COLOR: '0'},
		testTimeout: 30_000,
		hookTimeout: 30_000,
	},
});
