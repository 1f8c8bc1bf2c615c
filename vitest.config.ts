import {defineConfig} from 'vitest/config';

export default defineConfig({
	// The tests run React's production build, as users do; the compiler must not ask for the development one.
	oxc: {jsx: {runtime: 'automatic', development: false}},
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		// Ink paints nothing until exit when CI is set; the screens under test are interactive ones.
		env: {CI: 'false', NODE_ENV: 'production', FORCE_COLOR: '0'},
		testTimeout: 30_000,
		hookTimeout: 30_000,
	},
});
