/** Resolves when it is done, or has failed, or after so long: a queue that is not there would keep a process from its end. */
export async function within(longestMs: number, work: Promise<unknown>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>(resolve => {
		timer = setTimeout(resolve, longestMs);
	});
	await Promise.race([work.then(ignore, ignore), late]);
	clearTimeout(timer);
}

const ignore = (): void => {};
