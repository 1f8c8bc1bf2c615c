// What is around every view: where one can go, how the connection is, help.
import {type ReactNode, useEffect, useState} from 'react';
import {Link, useLocation} from 'wouter';
import {fileStore, useFileState} from '../files/file-store.ts';
import {hasAccount, mayCall, signOut, useUser} from '../session/session.ts';
import {SessionEnd} from '../session/session-end.tsx';
import {T} from '../texts.ts';
import {DropZone} from '../uploads/drop-zone.tsx';
import {announce} from './announce.tsx';
import {HelpDialog} from './help-dialog.tsx';
import {useKeys} from './keys.ts';
import {show} from './show-text.ts';

const VIEWS = [
	{path: '/', name: 'files', least: 'viewer'},
	{path: '/history', name: 'history', least: 'viewer'},
	{path: '/overview', name: 'overview', least: 'viewer'},
	{path: '/account', name: 'account', least: 'viewer'},
	{path: '/admin', name: 'admin', least: 'admin'},
	{path: '/inbox', name: 'inbox', least: 'operator'},
] as const;

export function Shell({children}: {readonly children: ReactNode}): ReactNode {
	const user = useUser();
	const [location, navigate] = useLocation();
	const [isHelpOpen, setHelpOpen] = useState(false);
	const views = VIEWS.filter(({least}) => mayCall(user, least));
	useEffect(() => {
		fileStore.open();
		return () => fileStore.close();
	}, []);
	useMilestones();
	useTitle(location);
	useKeys({
		'?': () => setHelpOpen(true),
		...Object.fromEntries(views.map(view => [String(VIEWS.indexOf(view) + 1), () => navigate(view.path)])),
	});
	return (
		<div className="shell">
			<a className="skip" href="#content">
				{T.skip}
			</a>
			<header>
				<span className="brand">{T.product}</span>
				<nav aria-label={T.nav.label}>
					{views.map(({path, name}) => (
						<Link key={path} href={path} aria-current={isAt(location, path) ? 'page' : undefined}>
							{T.nav[name]}
						</Link>
					))}
				</nav>
				<LinkState />
				<span className="who">
					<bdi>{show(user.name, 40)}</bdi>
				</span>
				<button
					type="button"
					className="plain"
					aria-label={T.nav.help}
					title={T.nav.help}
					onClick={() => setHelpOpen(true)}
				>
					?
				</button>
				{hasAccount(user) && (
					<button type="button" className="plain" onClick={() => void signOut()}>
						{T.session.signOut}
					</button>
				)}
			</header>
			{hasAccount(user) && <SessionEnd />}
			{children}
			<DropZone onDrop={() => navigate('/')} />
			{isHelpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
		</div>
	);
}

const isAt = (location: string, path: string): boolean =>
	path === '/'
		? location === '/' || location.startsWith('/files/') || location.startsWith('/results/')
		: location.startsWith(path);

/** A word, not only a colour. */
function LinkState(): ReactNode {
	const link = useFileState(state => state.link);
	return (
		<span className={`link ${link}`} title={T.live.hint[link]}>
			<span aria-hidden="true">●</span> {T.live[link]}
		</span>
	);
}

/** What has ended is said in totals. */
function useMilestones(): void {
	const done = useFileState(({ended}) => ended.done);
	const failed = useFileState(({ended}) => ended.failed);
	const link = useFileState(state => state.link);
	useEffect(() => {
		if (done + failed > 0) announce(T.files.ended(done, failed));
	}, [done, failed]);
	useEffect(() => {
		if (link === 'reconnecting' || link === 'stopped') announce(T.live.hint[link]);
	}, [link]);
}

function useTitle(location: string): void {
	useEffect(() => {
		const view = VIEWS.find(({path}) => path !== '/' && location.startsWith(path))?.name ?? 'files';
		document.title = `${T.nav[view]} – ${T.product}`;
	}, [location]);
}
