import {useEffect, useRef} from 'react';
import type {Input} from '../input/input-stream.ts';
import type {Token} from '../input/tokens.ts';

/**
Calls back with every key, and whatever else the terminal tells. Without a keyboard there is nothing, and nothing fails.

@param onToken - Gives back false where a token can't be taken before what the last one changed has been rendered: it is
given once more then.
*/
export function useInputTokens(input: Pick<Input, 'subscribe'> | null, onToken: (token: Token) => boolean): void {
	const latest = useRef(onToken);
	latest.current = onToken;
	const waiting = useRef<Token[]>([]);
	useEffect(() => {
		return input?.subscribe(token => {
			waiting.current.push(token);
			drain(waiting.current, latest.current);
		});
	}, [input]);
	// After every rendering: what waited for it goes on.
	useEffect(() => drain(waiting.current, latest.current));
}

function drain(tokens: Token[], onToken: (token: Token) => boolean): void {
	for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
		// It is out of the queue while it is taken: what it does may render the screen, and come back here.
		if (onToken(token)) continue;
		tokens.unshift(token);
		return;
	}
}
