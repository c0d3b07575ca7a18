// Shows the document that this service serves. A key that is entered stays in this page: it is not stored.
window.SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  // Nothing is asked of anybody else.
  validatorUrl: null,
});
