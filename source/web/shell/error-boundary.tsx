import {Component, type ReactNode} from 'react';
import {reasonOf} from '../api/ask.ts';
import {T} from '../texts.ts';

interface Props {
	readonly children: ReactNode;
}

/** A view that fails says so, instead of an empty page. */
export class ErrorBoundary extends Component<Props, {readonly fault: string | null}> {
	override state = {fault: null};

	static getDerivedStateFromError = (error: unknown): {readonly fault: string} => ({fault: reasonOf(error)});

	override render(): ReactNode {
		const {fault} = this.state;
		if (fault === null) return this.props.children;
		return (
			<main id="content" className="placeholder fault" role="alert">
				<h1>{T.crash}</h1>
				<p>{fault}</p>
				<p>{T.crashHint}</p>
				<button type="button" onClick={() => location.reload()}>
					{T.reload}
				</button>
			</main>
		);
	}
}
