/** Keys of those who may only look. */
export const CHANGING = [
	...[
		'pause-run',
		'pause-file',
		'cancel',
		'retry',
		'retry-all',
		'more-at-once',
		'fewer-at-once',
		'route',
		'upload',
		'start',
	],
] as const;
