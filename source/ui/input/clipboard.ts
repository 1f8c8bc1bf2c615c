// Copying through the terminal (OSC 52): it works over SSH too, and asks nothing of the machine the program runs on.

/** xterm takes some 75,000 bytes in all; base64 makes four of three. */
const TEXT_LIMIT_BYTES = 48 * 1024;

export interface CopySequence {
	readonly sequence: string;
	/** Whether the end of the text was left out. */
	readonly isCut: boolean;
}

/**
@param lines - Text that is safe already: it will be pasted into a shell or a mail by someone who trusts this screen.
@param isTmux - tmux lets a sequence through to the terminal around it only in an envelope of its own.
*/
export function copySequence(lines: readonly string[], isTmux: boolean): CopySequence {
	const kept: string[] = [];
	let bytes = 0;
	for (const line of lines) {
		bytes += Buffer.byteLength(line) + 1;
		if (bytes > TEXT_LIMIT_BYTES) break;
		kept.push(line);
	}
	const sequence = `\u{1b}]52;c;${Buffer.from(kept.join('\n')).toString('base64')}\u{1b}\\`;
	return {sequence: isTmux ? sequence + throughTmux(sequence) : sequence, isCut: kept.length < lines.length};
}

/**
tmux takes the plain sequence for its own buffer where it is set to, and the one in the envelope goes to the terminal
where that is allowed: it depends on its configuration which of the two it heeds.
*/
export const throughTmux = (sequence: string): string =>
	`\u{1b}Ptmux;${sequence.replaceAll('\u{1b}', '\u{1b}\u{1b}')}\u{1b}\\`;
