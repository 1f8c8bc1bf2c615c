import {useEffect, useRef} from 'react';
import type {Input} from '../input/input-stream.ts';
import type {Token} from '../input/tokens.ts';

/**
Calls back with every key and other input. Without a keyboard it does nothing.

@param onToken - Returns false where a token must wait until the effect of the last one has been rendered: it is passed again
then.
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
	// After every rendering, waiting tokens are passed again.
	useEffect(() => drain(waiting.current, latest.current));
}

function drain(tokens: Token[], onToken: (token: Token) => boolean): void {
	for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
		// Removed from the queue before it is applied, because its effect may render the screen and call this function again.
		if (onToken(token)) continue;
		tokens.unshift(token);
		return;
	}
}
