/** A front whose main thread's session the test describes. */
import { FrontUnderTest } from './front-under-test.ts';

/** Names of the session; what `Object(expression)` has, by expression; and what a look at an expression gives. */
export function withSession(
  names: readonly string[],
  members: Readonly<Record<string, readonly string[]>> = {},
  values: Readonly<Record<string, object>> = {},
): FrontUnderTest {
  const front = new FrontUnderTest();
  front.main.replies['Runtime.globalLexicalScopeNames'] = () => ({ names });
  front.main.replies['Runtime.evaluate'] = ({ expression }) => {
    const text = String(expression);
    const owner = /^Object\((.*)\)$/.exec(text)?.[1];
    if (owner !== undefined && members[owner]) return { result: { type: 'object', objectId: owner } };
    return values[text] ? { result: values[text] } : { result: {}, exceptionDetails: {} };
  };
  front.main.replies['Runtime.getProperties'] = ({ objectId }) => ({
    result: (members[String(objectId)] ?? []).map((name) => ({ name })),
  });
  return front;
}
