// A file of its own, so that the page's Content-Security-Policy need not allow inline scripts.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#explorer",
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    displayOperationId: true,
    docExpansion: "none",
    filter: true,
    persistAuthorization: false, // tokens are gone with the page
    queryConfigEnabled: false, // no ?url= that makes it load another document
    validatorUrl: null, // calls no other host
  });
});
