// The shop. It has been "about to be rewritten" since the third Christmas sale.
const express = require('express')
const axios = require('axios')
const fetch = require('node-fetch')
const jwt = require('jsonwebtoken')
const UAParser = require('ua-parser-js')
const _ = require('lodash')
const moment = require('moment')
const options = require('minimist')(process.argv.slice(2))

const catalogue = require('./catalogue.json')
const SECRET = process.env.SESSION_SECRET || 'changeme'
const API = process.env.API_URL || 'http://api.storefront.example:8000'

const app = express()
app.set('view engine', 'hbs')
app.use('/jquery', express.static('node_modules/jquery/dist'))
app.use(express.json())

app.get('/', (request, response) => {
  const phone = new UAParser(request.headers['user-agent']).getDevice().type === 'mobile'
  const items = _.sortBy(catalogue, 'price').slice(0, phone ? 3 : 12)
  response.render('index', { items, today: moment().format('dddd, MMMM Do') })
})

// TODO: merging whatever the customer sends is probably fine for now
app.post('/basket', (request, response) => {
  const basket = _.merge({ items: [], currency: 'EUR' }, request.body)
  response.json({ token: jwt.sign(basket, SECRET), total: _.sumBy(basket.items, 'price') })
})

app.get('/stock/:id', async (request, response) => {
  const { data } = await axios.get(`${API}/stock/${request.params.id}`)
  response.json(data)
})

// Used by marketing. Nobody remembers which page.
app.get('/preview', async (request, response) => {
  const page = await fetch(request.query.url)
  response.send(await page.text())
})

module.exports = app.listen(options.port || 3000)
