/** Every table and every text is read to its end, whatever is wrong with its records. */
export const WHAT_IS_SNIFFED = {
	analysis: ['profile', 'lines'],
	tellsStructure: true,
	where: undefined,
	maxErrors: undefined,
	simulateIoMs: 0,
} as const;

/** So much of each file is read with --quick. */
export const QUICK_BYTES = 1024 * 1024;
