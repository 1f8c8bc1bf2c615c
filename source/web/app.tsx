// Which view is shown: by the session first, by the address then.
import {QueryClient, QueryClientProvider} from '@tanstack/react-query';
import {lazy, type ReactNode, Suspense, useEffect} from 'react';
import {Link, Route, Router, Switch, useLocation} from 'wouter';
import {ProblemError} from './api/problem.ts';
import FilesView from './files/files-view.tsx';
import {Register} from './session/register.tsx';
import {loadSession, useSession} from './session/session.ts';
import {SignIn} from './session/sign-in.tsx';
import {Announcer} from './shell/announce.tsx';
import {ErrorBoundary} from './shell/error-boundary.tsx';
import {Shell} from './shell/shell.tsx';
import {Fault, Loading} from './shell/states.tsx';
import {T} from './texts.ts';

const VIEWS = {
	file: () => import('./files/file-view.tsx'),
	result: () => import('./results/result-view.tsx'),
	history: () => import('./results/history-view.tsx'),
	overview: () => import('./overview/overview-view.tsx'),
	account: () => import('./account/account-view.tsx'),
	admin: () => import('./admin/admin-view.tsx'),
	inbox: () => import('./inbox/inbox-view.tsx'),
} as const;
const FileView = lazy(VIEWS.file);
const ResultView = lazy(VIEWS.result);
const HistoryView = lazy(VIEWS.history);
const OverviewView = lazy(VIEWS.overview);
const AccountView = lazy(VIEWS.account);
const AdminView = lazy(VIEWS.admin);
const InboxView = lazy(VIEWS.inbox);
const DropView = lazy(() => import('./drop/drop-view.tsx'));
const Gates = lazy(() => import('./session/gates.tsx'));

const RETRIES = 2;

const queries = new QueryClient({
	defaultOptions: {
		queries: {
			retry: (count, error) => count < RETRIES && !(error instanceof ProblemError && !error.mayPass),
			refetchOnWindowFocus: false,
			// What is asked while the network is away is answered when it is back; until then the view says why it waits.
			networkMode: 'always',
		},
	},
});

export const App = (): ReactNode => (
	<QueryClientProvider client={queries}>
		<Router base="/app">
			<ErrorBoundary>
				<Switch>
					<Route path="/drop">
						<Suspense fallback={<Loading />}>
							<DropView />
						</Suspense>
					</Route>
					<Route component={Views} />
				</Switch>
			</ErrorBoundary>
			<Announcer />
		</Router>
	</QueryClientProvider>
);

function Views(): ReactNode {
	const session = useSession();
	const [location] = useLocation();
	useEffect(() => void loadSession(), []);
	// What one account has asked for is not for the next one.
	const who = session.status === 'in' ? session.user.id : null;
	useEffect(() => {
		if (who === null) queries.clear();
	}, [who]);
	useEffect(() => {
		if (who !== null) return fetchViewsLater();
		return undefined;
	}, [who]);
	if (session.status === 'loading') return <Loading />;
	if (session.status === 'unreachable')
		return (
			<main className="gate">
				<h1>{T.session.unreachable}</h1>
				<Fault reason={session.reason} onRetry={() => void loadSession()} />
			</main>
		);
	if (session.status === 'out') return location === '/register' ? <Register /> : <SignIn hasEnded={session.hasEnded} />;
	if (session.gate !== null)
		return (
			<Suspense fallback={<Loading />}>
				<Gates gate={session.gate} />
			</Suspense>
		);
	return (
		<Shell key={session.user.id}>
			<ErrorBoundary key={location}>
				<Suspense fallback={<Loading />}>
					<Switch>
						<Route path="/" component={FilesView} />
						<Route path="/files/:id">{({id}) => <FileView key={id} id={id} />}</Route>
						<Route path="/results/:id">{({id}) => <ResultView key={id} id={id} />}</Route>
						<Route path="/history" component={HistoryView} />
						<Route path="/overview" component={OverviewView} />
						<Route path="/account/:part?">{({part}) => <AccountView part={part} />}</Route>
						<Route path="/admin/:part?">{({part}) => <AdminView part={part} />}</Route>
						<Route path="/inbox" component={InboxView} />
						<Route component={NotFound} />
					</Switch>
				</Suspense>
			</ErrorBoundary>
		</Shell>
	);
}

const QUIET_MS = 2000;

/** When the first view has had its time, so that the others are there at once, and without the network, too. */
function fetchViewsLater(): () => void {
	const fetchAll = async (): Promise<void> => {
		const fetched = await Promise.allSettled(Object.values(VIEWS).map(fetchView => fetchView()));
		if (fetched.some(({status}) => status === 'rejected')) timer = setTimeout(() => void fetchAll(), QUIET_MS);
	};
	let timer = setTimeout(() => void fetchAll(), QUIET_MS);
	return () => clearTimeout(timer);
}

const NotFound = (): ReactNode => (
	<main id="content" className="placeholder">
		<h1>{T.notFound}</h1>
		<p>{T.notFoundHint}</p>
		<p>
			<Link href="/">{T.toFiles}</Link>
		</p>
	</main>
);
