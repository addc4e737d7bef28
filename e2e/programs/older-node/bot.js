// A bot of the older Node kit: it answers greetings, sends a form, and tells what was submitted.
//
//     node bot.js CONFIGURATION

const symphony = require('symphony-api-client-node')

const say = (stream, text) => symphony.sendMessage(stream, text, null, symphony.MESSAGEML_FORMAT)

const onMessage = messages => messages.forEach(({ messageText, stream, user }) => {
  if (messageText === '/hello') {
    say(stream.streamId, `Hello, ${user.displayName}!`)
  } else if (messageText === '/order') {
    const form = symphony.formBuilder('order')
      .addTextField('count', '', 'How many?', true)
      .addButton('send', 'Send', 'action')
      .formatElement()
    say(stream.streamId, form)
  }
})

const onSymphonyElementsAction = actions => actions.forEach(action => {
  say(action.streamId, `${action.formId}: ${action.formValues.count}`)
})

const onUserJoinedRoom = events => events.forEach(({ payload }) => {
  const { affectedUser, stream } = payload.userJoinedRoom
  if (affectedUser.userId !== symphony.getBotUser().id) {
    say(stream.streamId, `Welcome, ${affectedUser.displayName}!`)
  }
})

const fail = error => {
  console.error(error)
  process.exit(1)
}

symphony.initBot(process.argv[2])
  .then(() => symphony.getDatafeedEventsService({ onMessage, onSymphonyElementsAction, onUserJoinedRoom, onError: fail }))
  .catch(fail)
