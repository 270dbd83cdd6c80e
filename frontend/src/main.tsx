import { render } from 'preact';
// Before the application, so that the styles of its components and views come after these.
import './styles/colours.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import { App } from './App.tsx';
import { takeTokenFromAddress } from './features/sign-in/session.ts';

takeTokenFromAddress();
const root = document.getElementById('app');
if (root) render(<App />, root);
