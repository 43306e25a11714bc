const assert = require('assert')
const catalogue = require('../catalogue.json')

describe('the shop', () => {
  it('sells a teapot', () => assert(catalogue.some(item => /teapot/i.test(item.name))))
  it.skip('charges the right amount', () => assert.fail('flaky since the euro change'))
})
