import typescript from 'typescript';

/**
 * @typedef {import('eslint').Rule.Node} Node
 * @typedef {{ getTypeAtLocation: (node: Node) => import('typescript').Type }} TypeServices
 */

/**
 * Refuses to test a MaybePromise for truth or for undefined: a promise always passes such a test. Whether there is a
 * promise at all may be tested.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noMaybePromiseCondition = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { maybe: 'A promise always passes this test: await it, or chain it, first.' },
  },
  create(context) {
    const { parserServices } = /** @type {{ parserServices: TypeServices }} */ (context.sourceCode);
    const check = (/** @type {Node} */ node) => {
      const type = parserServices.getTypeAtLocation(node);
      const absent = typescript.TypeFlags.Undefined | typescript.TypeFlags.Null;
      const values = type.isUnion() ? type.types.filter(({ flags }) => (flags & absent) === 0) : [];
      const promises = values.filter((value) => value.getProperty('then') !== undefined);
      if (promises.length === 0 || promises.length === values.length) return;
      context.report({ node, messageId: 'maybe' });
    };
    return {
      ':matches(IfStatement, ConditionalExpression, WhileStatement) > .test': check,
      'UnaryExpression[operator="!"] > .argument': check,
      'LogicalExpression > .left': check,
      'BinaryExpression[operator=/^[!=]==$/][right.name="undefined"] > .left': check,
    };
  },
};
