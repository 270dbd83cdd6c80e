// Addresses are relative to the page, so they lead home behind any stage and any gateway.
SwaggerUIBundle({ url: 'openapi.json', dom_id: '#viewer', validatorUrl: null, deepLinking: true, tryItOutEnabled: true })
